#!/bin/sh
# From a fresh machine to the demo in a browser: Python, dfdev, an engine, the demo workspace. Run it as often as you like.
set -eu

usage() {
    cat <<'HELP'
Usage: sh shell/quickstart.sh [--dir DIR] [--install-engine] [--no-demo] [--dry-run]

Installs what is missing and brings the demo up; its URL is the last line.

  --dir DIR          where the demo workspace goes (default: ~/dfdev-demo)
  --install-engine   on a Mac: install and start Colima when no engine answers (Homebrew is used)
  --no-demo          stop when dfdev is installed and an engine answers
  --dry-run          say what would be done, and do none of it
  --help             this text

The engine is the one that `docker` would use. On Debian and Ubuntu one is installed and started when there is none.
Environment: DFDEV_APT_MIRROR (a Debian mirror), http_proxy…, DFDEV_CA_BUNDLE (PEM), DFDEV_PYTHON (an interpreter).
HELP
}

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck source=shell/lib.sh
. "$ROOT/shell/lib.sh"

main() {
    read_arguments "$@"
    need_python
    install_dfdev
    need_engine "$@"
    if [ -n "$DEMO" ]; then
        need_rootfs_tool
        start_demo
    fi
}

read_arguments() {
    DIR=${HOME:-/root}/dfdev-demo DEMO=yes INSTALL_ENGINE=''
    while [ $# -gt 0 ]; do
        case $1 in
            --dir)
                [ $# -gt 1 ] || fail '--dir needs a folder' 'sh shell/quickstart.sh --dir ~/dfdev-demo'
                DIR=$2
                shift
                ;;
            --dir=*) DIR=${1#--dir=} ;;
            --install-engine) INSTALL_ENGINE=yes ;;
            --no-demo) DEMO='' ;;
            --dry-run) DRY_RUN=yes ;;
            --help | -h)
                usage
                exit 0
                ;;
            *)
                usage >&2
                printf 'error: unknown argument %s\n' "$1" >&2
                exit 2
                ;;
        esac
        shift
    done
}

# dfdev from this checkout, in an environment of its own, linked to where shells look for commands.
install_dfdev() {
    case ${XDG_DATA_HOME:-} in  # a relative one does not count, says its specification
        /*) HOME_FOLDER=$XDG_DATA_HOME/dfdev ;;
        *) HOME_FOLDER=$HOME/.local/share/dfdev ;;
    esac
    VENV=$HOME_FOLDER/venv
    DFDEV=$VENV/bin/dfdev
    wanted=$(digest "$ROOT" -- "$ROOT/pyproject.toml")
    if [ -x "$DFDEV" ] && [ "$(cat "$VENV/.installed" 2>/dev/null)" = "$wanted" ]; then
        say "dfdev is installed in $VENV"
    else
        step 'making a virtual environment' "$PYTHON" -m venv --clear "$VENV"
        step 'installing dfdev into it' "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check -e "$ROOT"
        [ -n "$DRY_RUN" ] || echo "$wanted" >"$VENV/.installed"
    fi
    link_dfdev
}

link_dfdev() {
    link=$HOME/.local/bin/dfdev
    if [ -e "$link" ] && [ ! -L "$link" ]; then
        say "$link is a file of yours, so it stays; dfdev is $DFDEV"
    elif [ "$(readlink "$link" 2>/dev/null)" != "$DFDEV" ]; then
        step "linking $link" make_link "$DFDEV" "$link" || say "cannot write $link; dfdev is $DFDEV"
    fi
    case :$PATH: in
        *":$HOME/.local/bin:"*) ;;
        *) say "for your shell's profile, so that it finds dfdev: PATH=\$HOME/.local/bin:\$PATH" ;;
    esac
}

make_link() { mkdir -p "$(dirname "$2")" && ln -sf "$1" "$2"; }

# ENGINE_STATE (answers, absent, denied, broken), ENGINE_TEXT, ENGINE_HINT.
ask_engine() {
    answer=$("$PYTHON" "$ROOT/shell/engine_state.py")
    ENGINE_STATE=$(printf '%s\n' "$answer" | sed -n 1p)
    ENGINE_TEXT=$(printf '%s\n' "$answer" | sed -n 2p)
    ENGINE_HINT=$(printf '%s\n' "$answer" | sed -n 3p)
}

need_engine() {
    ask_engine
    [ "$ENGINE_STATE" != absent ] || get_engine
    if [ "$ENGINE_STATE" = denied ] && [ "$(uname -s)" = Linux ]; then
        join_docker_group "$@"
    fi
    if [ "$ENGINE_STATE" = answers ]; then
        say "engine: $ENGINE_TEXT"
    elif [ -z "$DRY_RUN" ]; then
        fail "$ENGINE_TEXT" "$ENGINE_HINT"
    fi
}

get_engine() {
    if [ "$(uname -s)" = Darwin ]; then
        get_engine_on_mac
    elif [ -n "${DOCKER_HOST:-}${DOCKER_CONTEXT:-}" ] || ! has_apt; then
        fail "$ENGINE_TEXT" "$ENGINE_HINT"
    else
        if [ -n "$(missing_packages docker.io iptables)" ] && ! have dockerd; then
            say 'There is no Docker engine here, so one is installed from the packages of this system, and started.'
            install_packages docker.io iptables
            # Debian 13 and Ubuntu have the docker command, and its builder that takes secrets, in packages of their own.
            # shellcheck disable=SC2046  # a list of names
            install_packages $(known_packages docker-cli docker-buildx)
        else
            say 'The Docker engine of this machine does not run, so it is started.'
        fi
        [ -n "$DRY_RUN" ] || can_be_root || fail "$ENGINE_TEXT" "$ENGINE_HINT"
        start_engine
    fi
}

get_engine_on_mac() {
    line='brew install colima docker && colima start'
    ! have colima || line='colima start'
    [ -n "$INSTALL_ENGINE" ] || fail 'no Docker engine answers on this Mac' "$line   (or: sh shell/quickstart.sh --install-engine)"
    if ! have colima; then
        have brew || fail 'Homebrew is missing, and Colima is installed with it' 'see https://brew.sh, then once more'
        step 'installing Colima' brew install colima docker
    fi
    step 'starting Colima' colima start
    [ -n "$DRY_RUN" ] || ask_engine
}

start_engine() {
    OTHERWISE='its service does not start, so dockerd is started without it'
    if [ -d /run/systemd/system ]; then
        step 'starting the engine' as_root systemctl start docker && wait_for_engine 30 && return 0
    elif [ -x /etc/init.d/docker ] && have service; then
        step 'starting the engine' as_root service docker start && wait_for_engine 10 && return 0
    fi
    OTHERWISE=''
    step 'starting dockerd' as_root sh -c 'nohup dockerd >/var/log/dfdev-dockerd.log 2>&1 &'
    wait_for_engine 30 || fail 'dockerd was started and does not answer' 'sudo tail /var/log/dfdev-dockerd.log'
}

# wait_for_engine SECONDS: a socket that refuses us is an engine, too.
wait_for_engine() {
    [ -z "$DRY_RUN" ] || return 0
    tries=0
    while ask_engine && [ "$ENGINE_STATE" != answers ] && [ "$ENGINE_STATE" != denied ]; do
        tries=$((tries + 1))
        [ "$tries" -le "$1" ] || return 1
        printf 'waiting for the engine (%s of %s s)\n' "$tries" "$1" >&2
        sleep 1
    done
}

# The group `docker` may use the socket. A new membership counts from the next login on, or under `sg`.
join_docker_group() {
    [ -z "${DFDEV_JOINED_DOCKER_GROUP:-}" ] || return 0
    user=$(id -un)
    if ! getent group docker | grep -Eq "[:,]$user(,|\$)"; then
        say "The engine's socket is closed to $user, so $user joins the group docker."
        [ -n "$DRY_RUN" ] || can_be_root || return 0
        step "adding $user to the group docker" as_root usermod -aG docker "$user"
    fi
    [ -z "$DRY_RUN" ] || return 0
    arguments=''
    for argument in "$@"; do
        arguments="$arguments '$(printf %s "$argument" | sed "s/'/'\\\\''/g")'"
    done
    DFDEV_JOINED_DOCKER_GROUP=yes exec sg docker -c "sh '$ROOT/shell/quickstart.sh' $arguments"
}

# Where Docker Hub does not answer, the bottom layer is made from Debian packages.
need_rootfs_tool() {
    has_apt || return 0
    if have mmdebstrap && { is_root || have newuidmap; }; then return 0; fi
    [ -n "$DRY_RUN" ] || "$DFDEV" images bootstrap --dry-run 2>/dev/null | grep -q 'dfdev/debian' || return 0
    [ -n "$DRY_RUN" ] || can_be_root || return 0
    install_packages mmdebstrap uidmap
}

start_demo() {
    if [ -n "$DRY_RUN" ]; then
        say "would run: $DFDEV demo $DIR   (images, workspace, services)"
        return 0
    fi
    "$DFDEV" demo "$DIR"
}

main "$@"
