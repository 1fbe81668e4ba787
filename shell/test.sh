#!/bin/sh
# Everything that this repository promises, checked: ruff, mypy, every test on real engines. Installs what is missing.
#   sh shell/test.sh [pytest's own arguments]
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=shell/lib.sh
. "$ROOT/shell/lib.sh"

# What engines run on, what makes images, and what looks at the result. The engines themselves are not installed:
# tests/machine unpacks them into the cache.
PACKAGES='iptables iproute2 libdevmapper1.02.1 libseccomp2 procps kmod mmdebstrap uidmap debian-archive-keyring ca-certificates
    git tmux chromium chromium-driver qemu-system-x86 qemu-utils openssh-client e2fsprogs openssl'

main() {
    cd "$ROOT"
    case ${XDG_CACHE_HOME:-} in  # a relative one does not count, says its specification
        /*) CACHE=${DFDEV_TEST_CACHE:-$XDG_CACHE_HOME/dfdev-test} ;;
        *) CACHE=${DFDEV_TEST_CACHE:-$HOME/.cache/dfdev-test} ;;
    esac
    export DFDEV_TEST_CACHE="$CACHE"
    # The checkout stays as it is, whoever owns it.
    export RUFF_CACHE_DIR="$CACHE/ruff" MYPY_CACHE_DIR="$CACHE/mypy" HYPOTHESIS_STORAGE_DIRECTORY="$CACHE/hypothesis"
    export PYTHONPYCACHEPREFIX="$CACHE/pycache"
    get_packages
    need_python
    get_venv
    find_others "$@"
    get_engines
    get_vm
    run_all "$@"
}

get_packages() {
    if ! has_apt; then
        say 'no apt here: the packages that tests need have to be there already'
        return 0
    fi
    # shellcheck disable=SC2086  # a list of names
    missing=$(missing_packages $PACKAGES)
    for package in $PACKAGES; do
        case " $missing " in
            *" $package "*) ;;
            *) found="${found:-}$package " ;;
        esac
    done
    say "found: ${found:-nothing}"
    say "installing on this run: ${missing:-nothing}"
    # shellcheck disable=SC2086
    install_packages $PACKAGES
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
            -r "$ROOT/tests/requirements.lock" &&
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
    for python in ${DFDEV_TEST_PYTHONS-python3.11 python3.12 python3.13}; do
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

# The disks of the VM whose clock the tests put out of order; the first time they are made, of Debian packages.
get_vm() {
    has_apt || return 0
    step 'the disks of a VM (minutes the first time)' python -m tests.vm build
}

# Every check runs, whatever the ones before it said; the exit code is pytest's, or 1 when only the others complain.
# Where everything is asked for, the unit tests (under each Python in turn) and those of the front end run beside the
# others: they share an engine, and nobody pauses that one.
run_all() {
    complaints=''
    say 'ruff'
    ruff check . || complaints="$complaints ruff"
    say 'mypy'
    mypy || complaints="$complaints mypy"
    beside=''
    if [ "$#" = 0 ]; then
        BESIDE=$(mktemp)
        lane_beside >"$BESIDE" 2>&1 &
        beside=$!
        # What is in the background does not hear Ctrl-C.
        trap 'trap - INT TERM; kill 0' INT TERM
        set -- --ignore=tests/unit --ignore-glob='tests/e2e/test_frontend_*' --ignore=tests/e2e/test_ca.py
    else
        for python in $OTHERS; do
            say "pytest tests/unit, $python"
            unit_tests "$python" || complaints="$complaints $python"
        done
    fi
    say 'pytest'
    status=0
    python -m pytest -o cache_dir="$CACHE/pytest" "$@" || status=$?
    if [ -n "$beside" ]; then
        wait "$beside" || complaints="$complaints beside"
        cat "$BESIDE"
        rm -f "$BESIDE"
    fi
    [ -z "$complaints" ] || say "failed besides:$complaints"
    [ "$status" != 0 ] || [ -z "$complaints" ] || status=1
    return "$status"
}

# The unit tests under every Python, then the front end; 1 when one of them complained.
lane_beside() {
    failed=0
    say 'pytest tests/unit'
    python -m pytest -q -o cache_dir="$CACHE/pytest-beside" tests/unit || failed=1
    for python in $OTHERS; do
        say "pytest tests/unit, $python"
        unit_tests "$python" || failed=1
    done
    say 'pytest tests/e2e, the front end'
    python -m pytest -q -o cache_dir="$CACHE/pytest-beside" tests/e2e/test_frontend_*.py tests/e2e/test_ca.py || failed=1
    return "$failed"
}

# unit_tests PYTHON
unit_tests() {
    make_venv "$1" && "$VENV/bin/python" -m pytest -q -o cache_dir="$CACHE/pytest-beside" tests/unit
}

main "$@"
