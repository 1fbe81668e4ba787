# Functions that quickstart.sh and test.sh share. POSIX sh, sourced; `set -eu` and ROOT come from the caller.
# shellcheck shell=sh

DRY_RUN=${DRY_RUN:-}

say() { printf '%s\n' "$*" >&2; }

# What happened, and what to type.
fail() {
    printf 'error: %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf 'try: %s\n' "$2" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# step LABEL COMMAND…: run it with its output kept back, a dot a second so that nobody wonders; the output's end when
# it fails, or where another way is tried then (OTHERWISE) that one. With DRY_RUN only say what would be run.
step() {
    label=$1
    shift
    if [ -n "$DRY_RUN" ]; then
        say "would run: $*   ($label)"
        return 0
    fi
    output=$(mktemp "${TMPDIR:-/tmp}/dfdev-step.XXXXXX")
    printf '%s ' "$label" >&2
    "$@" >"$output" 2>&1 </dev/null &
    step_pid=$!
    while kill -0 "$step_pid" 2>/dev/null; do
        sleep 1
        printf '.' >&2
    done
    if wait "$step_pid"; then
        say ' done'
        rm -f "$output"
    else
        status=$?
        if [ -n "${OTHERWISE:-}" ]; then
            say " not so: $OTHERWISE"
        else
            say " failed ($status)"
            tail -n 20 "$output" >&2
        fi
        rm -f "$output"
        return "$status"
    fi
}

is_root() { [ "$(id -u)" = 0 ]; }

# Whether commands can be run as root here: directly, or through sudo (which may ask for a password at a terminal).
can_be_root() {
    is_root || { have sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; }
}

as_root() {
    if is_root; then "$@"; else sudo -n -E "$@"; fi
}

has_apt() { have apt-get && have dpkg-query; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The packages among the arguments that are not installed, separated by spaces.
missing_packages() {
    for package in "$@"; do
        is_installed "$package" || printf '%s ' "$package"
    done
}

# Those of the arguments that this system has packages of.
known_packages() {
    for package in "$@"; do
        ! apt-cache show "$package" 2>/dev/null | grep -q '^Package' || printf '%s ' "$package"
    done
}

# Install those of the packages that are missing, saying which.
install_packages() {
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ -z "$DRY_RUN" ] && ! can_be_root; then
        fail "these packages are missing, and only root can install them: $missing" \
            "sudo apt-get install --no-install-recommends $missing"
    fi
    if [ -z "${LISTS_ARE_READ:-}" ]; then
        step 'reading the list of Debian packages' as_root apt-get -qq update
        LISTS_ARE_READ=yes
    fi
    # shellcheck disable=SC2086  # a list of names
    step "installing ${missing% }" \
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing
}

# The Pythons that the tests run under, the best known first, and those to come.
TRIED='python3.14 python3.13 python3.12 python3.11 python3.15'
LATER='python3.16 python3.17 python3.18 python3.19'

# The Python that dfdev is to run on: what DFDEV_PYTHON names, else this system's own, else the first of the list; ""
# when there is none.
find_python() {
    # shellcheck disable=SC2086  # lists of names
    for candidate in ${DFDEV_PYTHON:+"$DFDEV_PYTHON"} python3 $TRIED $LATER; do
        if is_python "$candidate"; then
            command -v "$candidate"
            return
        fi
        [ "$candidate" != "${DFDEV_PYTHON:-}" ] ||
            fail "DFDEV_PYTHON: $candidate is no Python 3.11 or newer with venv" "unset DFDEV_PYTHON"
    done
}

# Whether dfdev runs on it, and it can make virtual environments.
is_python() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# PYTHON: an interpreter, installed when there is none.
need_python() {
    PYTHON=$(find_python)
    if [ -z "$PYTHON" ] && has_apt; then
        version=3
        [ -z "$(known_packages python3.11)" ] || version=3.11
        install_packages "python$version" "python$version-venv"
        PYTHON=$(find_python)
        if [ -z "$PYTHON" ] && [ -n "$DRY_RUN" ]; then
            say 'and then dfdev, an engine and the demo: what is missing of them can be told once there is Python'
            exit 0
        fi
    fi
    [ -n "$PYTHON" ] || fail 'there is no Python 3.11 or newer with venv' "$(python_line)"
}

python_line() {
    case $(uname -s) in
        Darwin) echo 'brew install python' ;;
        *) echo 'install python3 (3.11 or newer) and python3-venv with the package manager of this system' ;;
    esac
}

# One short hash over the contents of files and any words: digest WORD… -- FILE…
digest() {
    "$PYTHON" - "$@" <<'PY'
import hashlib, pathlib, sys
words, _, files = " ".join(sys.argv[1:]).partition(" -- ")
total = hashlib.sha256(f"{words} {sys.version_info[:2]}".encode())
for name in sys.argv[sys.argv.index("--") + 1 :]:
    total.update(pathlib.Path(name).read_bytes())
print(total.hexdigest()[:12])
PY
}
