#!/bin/sh
# Everything that this repository promises, checked. Run it as often as you like.
set -eu

usage() {
    cat <<'HELP'
Usage: sh shell/test.sh [--fast | [PATH…] [pytest's options] [-- any other of its options]]

Without arguments: format, lint, types and every test, on real engines, in a real VM and a real browser (45 minutes).
What is missing is installed (apt; as root, or as a user who has sudo without a password).

  --fast           format, lint, types, unit tests and the contract on the engine in memory (3 minutes);
                   needs Python and nothing else: no root, no engine, no apt
  PATH…            these folders, files or tests (tests/e2e/test_up.py::test_x); only what they need is prepared
  -k, -m EXPR      the tests whose name or marker fits
  -x, -v, -q, -s, --lf, --ff, --pdb, --maxfail=N, --durations=N
                   as pytest has them
  --help           this text

Tests on engines run apart (python -m tests.apart): in a network of their own, without this machine's engines, home
folder and settings. Nothing of theirs stays but the cache.
Environment: DFDEV_TEST_CACHE (default: ~/.cache/dfdev-test), DFDEV_TEST_PYTHONS ("python3.12 python3.13"),
DFDEV_PYTHON (an interpreter), DFDEV_APT_MIRROR (a Debian mirror).
HELP
}

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=shell/lib.sh
. "$ROOT/shell/lib.sh"

# What engines run on, what makes images, what keeps the tests apart. The engines themselves are not installed:
# tests/machine unpacks them into the cache.
FOR_ENGINES='iptables iproute2 libdevmapper1.02.1 libseccomp2 procps kmod mmdebstrap uidmap debian-archive-keyring
    ca-certificates slirp4netns sudo git tmux openssl'
FOR_VM='qemu-system-x86 qemu-utils openssh-client e2fsprogs'
FOR_BROWSER='chromium chromium-driver'

# A whole run has three lanes: these after the unit tests, the VM's, and all the others.
BESIDE_TESTS='tests/e2e/test_frontend_*.py tests/e2e/test_ca.py tests/e2e/test_mysql*.py'
VM_TESTS='tests/e2e/test_vm_*.py'

# Options of ours are taken out, those of pytest are left.
main() {
    cd "$ROOT"
    FAST='' left=$# raw=''
    while [ "$left" -gt 0 ]; do
        word=$1 left=$((left - 1))
        shift
        case $raw$word in
            --help | -h)
                usage
                exit 0
                ;;
            --fast) FAST=yes ;;
            --) raw=raw: ;;
            -k | -m)
                [ "$left" -gt 0 ] || wrong "$word needs an expression"
                set -- "$@" "$word" "$1"
                left=$((left - 1))
                shift
                ;;
            -[xvqs] | -vv | --lf | --ff | --pdb | --maxfail=* | --durations=* | raw:*) set -- "$@" "$word" ;;
            -*) wrong "unknown option $word" ;;
            *) set -- "$@" "$word" ;;
        esac
    done
    [ -z "$FAST" ] || [ "$#" = 0 ] || wrong '--fast takes no other argument'
    prepare_and_run "$@"
}

wrong() {
    usage >&2
    printf 'error: %s\n' "$1" >&2
    exit 2
}

prepare_and_run() {
    case ${XDG_CACHE_HOME:-} in  # a relative one does not count, says its specification
        /*) CACHE=${DFDEV_TEST_CACHE:-$XDG_CACHE_HOME/dfdev-test} ;;
        *) CACHE=${DFDEV_TEST_CACHE:-$HOME/.cache/dfdev-test} ;;
    esac
    export DFDEV_TEST_CACHE="$CACHE"
    # The checkout stays as it is, whoever owns it.
    export RUFF_CACHE_DIR="$CACHE/ruff" MYPY_CACHE_DIR="$CACHE/mypy" HYPOTHESIS_STORAGE_DIRECTORY="$CACHE/hypothesis"
    export PYTHONPYCACHEPREFIX="$CACHE/pycache" PIP_CACHE_DIR="$CACHE/pip"
    need_python
    get_venv
    if [ -n "$FAST" ]; then
        run_fast
        return
    fi
    find_others "$@"
    find_needs "$@"
    if needs engine && [ -z "${DFDEV_TEST_RUN:-}" ]; then
        get_packages
        get_engines
        export DFDEV_PYTHON="$PYTHON"
        exec python -m tests.apart sh "$ROOT/shell/test.sh" -- "$@"
    fi
    run_all "$@"
}

# NEEDS: the words of tests/needs.py, as far as they hold.
find_needs() {
    if [ "$#" = 0 ]; then
        NEEDS='engine 28 20.10 vm browser'
    elif [ -n "${DFDEV_TEST_NEEDS+known}" ]; then
        NEEDS=$DFDEV_TEST_NEEDS
    else
        NEEDS=$(python -m tests.needs -o cache_dir="$CACHE/pytest" "$@")
        say "needed: ${NEEDS:-nothing but Python}"
    fi
    export DFDEV_TEST_NEEDS="$NEEDS"
}

needs() {
    case " $NEEDS " in *" $1 "*) ;; *) return 1 ;; esac
}

get_packages() {
    if ! has_apt; then
        say 'no apt here: the packages that tests need have to be there already'
        return 0
    fi
    packages=$FOR_ENGINES
    ! needs vm || packages="$packages $FOR_VM"
    ! needs browser || packages="$packages $FOR_BROWSER"
    # shellcheck disable=SC2086  # a list of names
    missing=$(missing_packages $packages)
    say "installing on this run: ${missing:-no package}"
    # shellcheck disable=SC2086
    install_packages $packages
}

get_venv() {
    make_venv "$PYTHON"
    PATH=$VENV/bin:$PATH
    export PATH
}

# make_venv PYTHON: the locked development tools, in an environment that belongs to this lock, that Python and this
# checkout. VENV is its folder.
make_venv() {
    # shellcheck disable=SC2030,SC2031  # only digest shall see another PYTHON
    VENV=$CACHE/venv-$(PYTHON=$1 && digest "$ROOT" -- "$ROOT/tests/requirements.lock" "$ROOT/pyproject.toml")
    if [ -f "$VENV/.complete" ]; then
        say "found: $VENV"
        return 0
    fi
    say "installing on this run: $VENV"
    mkdir -p "$CACHE"
    step 'making a virtual environment' "$1" -m venv --clear "$VENV" &&
        step 'installing the locked tools' "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes -r "$ROOT/tests/requirements.lock" &&
        step 'installing dfdev' "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
            --no-deps -e "$ROOT" &&
        touch "$VENV/.complete"
}

# OTHERS: the other Pythons that dfdev is for, each once: those of $DFDEV_TEST_PYTHONS (commands or paths, "" for none),
# else those on PATH. Whoever asks for some of the tests gets them under one Python, unless more are named.
find_others() {
    OTHERS=''
    [ "$#" = 0 ] || [ -n "${DFDEV_TEST_PYTHONS:-}" ] || return 0
    # shellcheck disable=SC2031
    tried=" $(minor "$PYTHON") "
    for python in ${DFDEV_TEST_PYTHONS-$TRIED}; do
        version=$(minor "$python")
        if [ -z "$version" ]; then
            [ -z "${DFDEV_TEST_PYTHONS:-}" ] || fail "DFDEV_TEST_PYTHONS: $python is no Python with venv"
            continue
        fi
        case "$tried" in *" $version "*) continue ;; esac
        tried="$tried$version "
        OTHERS="$OTHERS $python"
    done
    say "unit tests under Python$tried(DFDEV_TEST_PYTHONS names others)"
}

# minor PYTHON: "3.12", or nothing where there is no such Python with venv.
minor() {
    "$1" -c 'import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

# Docker 20.10 and 28 with compose and buildx, unpacked into the cache; the tests start and stop them. The docker CLI
# of 28 is for the tests where this machine has none.
get_engines() {
    has_apt || return 0
    for version in 20.10 28; do
        if [ -f "$CACHE/packages/$version/.complete" ]; then
            say "found: Docker Engine $version in $CACHE/packages/$version"
        else
            say "installing on this run: Docker Engine $version in $CACHE/packages/$version"
            step 'downloading its packages' python -m tests.machine fetch "$version"
        fi
    done
    PATH=$PATH:$CACHE/packages/28/usr/bin
}

# Images on the engines, before the clock of a test runs.
get_images() {
    engines=''
    for version in 28 20.10; do
        ! needs "$version" || engines="$engines $version"
    done
    # shellcheck disable=SC2086  # a list of versions
    [ -z "$engines" ] || step "images on Engine$engines (minutes the first time)" python -m tests.e2e.images $engines
}

# The disks of the VM whose clock the tests put out of order.
get_vm() {
    ! needs vm || step 'the disks of a VM (minutes the first time)' python -m tests.vm build
}

# The quick way round: what needs nothing but Python.
run_fast() {
    complaints=''
    check_source
    say 'pytest, without engines'
    python -m pytest -q -o cache_dir="$CACHE/pytest" -m 'not engine' tests/unit tests/contract ||
        complaints="$complaints pytest"
    [ -z "$complaints" ] || fail "these complained:$complaints"
}

# complaints: with the names of those that are not content with the source.
check_source() {
    say 'ruff'
    ruff format --check --quiet . || complaints="$complaints format"
    ruff check --quiet . || complaints="$complaints ruff"
    say 'mypy'
    mypy || complaints="$complaints mypy"
}

# Every check runs, whatever the ones before it said; the exit code is pytest's, or 1 when only the others complain.
run_all() {
    complaints='' status=0
    check_source
    if [ "$#" = 0 ]; then
        run_lanes
    else
        for python in $OTHERS; do
            say "pytest tests/unit, $python"
            unit_tests "$python" || complaints="$complaints $python"
        done
        get_images || complaints="$complaints images"
        get_vm || complaints="$complaints vm"
        say 'pytest'
        python -m pytest -o cache_dir="$CACHE/pytest" "$@" || status=$?
    fi
    [ -z "$complaints" ] || say "failed besides:$complaints"
    [ "$status" != 0 ] || [ -z "$complaints" ] || status=1
    return "$status"
}

# Three lanes beside one another, on the same engines, which nobody pauses. Two of them are shown when they have ended.
run_lanes() {
    LANES=$(mktemp -d)
    lane_beside >"$LANES/beside" 2>&1 &
    beside=$!
    # What is in the background does not hear Ctrl-C.
    trap 'trap - INT TERM; kill 0' INT TERM
    get_images || complaints="$complaints images"
    touch "$LANES/images"
    lane_vm >"$LANES/vm" 2>&1 &
    vm=$!
    say 'pytest, all but what the two other lanes have'
    set -- --ignore=tests/unit
    for path in $BESIDE_TESTS $VM_TESTS; do set -- "$@" --ignore="$path"; done
    python -m pytest --durations=25 -o cache_dir="$CACHE/pytest" "$@" || status=$?
    wait "$beside" || complaints="$complaints beside"
    cat "$LANES/beside"
    wait "$vm" || complaints="$complaints vm"
    cat "$LANES/vm"
    rm -rf "$LANES"
}

# The unit tests under every Python, then the rest of this lane; 1 when one complained.
lane_beside() {
    failed=0
    pytest_lane beside tests/unit || failed=1
    for python in $OTHERS; do
        say "pytest tests/unit, $python"
        unit_tests "$python" || failed=1
    done
    until [ -e "$LANES/images" ]; do sleep 1; done
    # shellcheck disable=SC2086  # a list of patterns
    pytest_lane beside $BESIDE_TESTS || failed=1
    return "$failed"
}

lane_vm() {
    get_vm || return 1
    # shellcheck disable=SC2086
    pytest_lane vm $VM_TESTS
}

# pytest_lane NAME PATH…
pytest_lane() {
    lane=$1
    shift
    say "pytest $*"
    python -m pytest -q --durations=15 -o cache_dir="$CACHE/pytest-$lane" "$@"
}

# unit_tests PYTHON
unit_tests() {
    make_venv "$1" && "$VENV/bin/python" -m pytest -q -o cache_dir="$CACHE/pytest-beside" tests/unit
}

main "$@"
