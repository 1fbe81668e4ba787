#!/bin/sh
# dfdev's own part inside the front-end containers. DFHOME is /work; DFDEV_FRONTEND is the front-end folder there;
# DFDEV_HIDDEN are files that nothing is to be read in, one a line.
#   inside.sh hold USER             PID 1's: give the volumes to USER, then keep the container for commands
#   inside.sh watch USER CMD…       the same, then what the lockfile says is installed, DFDEV_BUILD builds, and CMD
#                                   watches, as USER; what they say is in /var/log/watch.log too
#   inside.sh run NEEDS CMD…        one command. NEEDS: plain; modules (install first what the lockfile says, where
#                                   that is not what is there); changes (CMD changes the modules itself)
#   inside.sh fits                  whether the modules are those of the lockfile
#   inside.sh hidden                whether DFDEV_HIDDEN holds
set -u
READY=/run/dfdev-ready
EVENTS=/etc/dfdev/events
PROXIES=/etc/dfdev/proxies
INSTALLED=/tmp/dfdev-installed
UNPROVEN=97
BARE=96
MARK=node_modules/.dfdev
BOWER_MARK=$DFDEV_COMPONENTS/.dfdev
umask 022

say() { printf 'dfdev: %s\n' "$*" >&2; }

# A new volume is root's. Only its folder: what is in it is made by the user.
own() {
    case $1 in
        *:*) user=$1 ;;
        *) user=$(id -u "$1"):$(id -g "$1") ;;
    esac
    for folder in "$DFDEV_FRONTEND/node_modules" "$DFDEV_FRONTEND/$DFDEV_COMPONENTS" "$HOME"; do
        [ ! -d "$folder" ] || [ "$(stat -c %u:%g "$folder")" = "$user" ] || chown "$user" "$folder"
    done
    : >"$READY"
}

until_there() {
    tries=${2:-1000}
    while [ ! -e "$1" ] && [ "$tries" -gt 0 ]; do
        sleep 0.01
        tries=$((tries - 1))
    done
}

# What is there is what the host has: a file that the host has just made, or where it cannot make one, some file of it.
# It goes at once: nobody wants to see it in his checkout while a watcher runs.
proven() {
    [ -e "$DFDEV_FRONTEND/${DFDEV_PROOF:-}" ] || return
    case ${DFDEV_PROOF:-} in
        .dfdev-proof-*) rm -f "$DFDEV_FRONTEND/$DFDEV_PROOF" 2>/dev/null ;;
    esac
    unset DFDEV_PROOF
}

# A mask goes with the file that it lies on, when an editor puts another one in its place.
hidden() (
    IFS='
'
    set -f
    for file in ${DFDEV_HIDDEN:-}; do
        [ ! -s "$file" ] || exit 1
    done
)

lockfile() {
    for file in npm-shrinkwrap.json package-lock.json package.json; do
        [ ! -f "$file" ] || { printf %s "$file" && return; }
    done
}

key_of() { [ ! -f "$1" ] || { cat "$1" && printf %s "$DFDEV_NODE"; } | sha256sum | cut -c 1-64; }

fits() { [ "$(cat "$MARK" 2>/dev/null)" = "$(key_of "$(lockfile)")" ]; }

components_fit() { [ "$(cat "$BOWER_MARK" 2>/dev/null)" = "$(key_of bower.json)" ]; }

npm_major() { npm --version | cut -d. -f1; }

# npm of before 7 removes the folder itself, which a volume does not allow, and cannot read the lockfiles of today.
npm_ci() {
    if [ "$(npm_major)" -ge 7 ]; then
        npm ci "$@"
        return
    fi
    if grep -qE '"lockfileVersion": *[3-9]' "$(lockfile)"; then
        say "$(lockfile) was written by npm 7 or newer, and node $DFDEV_NODE has npm $(npm --version)"
        say "try: a newer \`node\` under [frontend], or \`npm install --lockfile-version 1\` with the newer npm"
        return 1
    fi
    find node_modules -mindepth 1 -delete
    npm install "$@"
}

install_modules() {
    file=$(lockfile)
    rm -f "$MARK"
    case $file in
        package.json)
            if [ -w . ]; then
                say "there is no lockfile: npm install (it writes one: commit it)"
                npm install
            else
                say "there is no lockfile, and no way to write one: npm install"
                npm install --no-package-lock
            fi
            ;;
        *)
            say "the modules are not those of $file: npm ci"
            npm_ci --prefer-offline
            ;;
    esac || { say "the modules could not be installed: \`dfdev npm ci\` tries it again" && exit 1; }
    key_of "$(lockfile)" >"$MARK"
}

install_components() {
    rm -f "$BOWER_MARK"
    say "the components are not those of bower.json: bower install"
    if bower install --config.interactive=false --config.analytics=false; then
        key_of bower.json >"$BOWER_MARK"
    else
        say "bower could not install them: \`dfdev bower install\` tries it again"
    fi
}

# For the editors on the host, where the team wants that: /host is the front-end folder without our volumes.
copied() { [ "${DFDEV_MODULES:-volume}" != host ] || cmp -s "$MARK" "/host/$MARK"; }

copy_modules() {
    say "copying the modules for the editors on the host"
    if node /etc/dfdev/copy-modules.js node_modules /host/node_modules; then
        cp "$MARK" "/host/$MARK"
    else
        say "they could not be copied: the next command tries it again"
    fi
}

install() (
    cd "$DFDEV_FRONTEND" || exit 1
    if [ -z "$(lockfile)" ] || { fits && components_fit && copied; }; then
        exit 0
    fi
    exec 9>"$HOME/.dfdev-install"
    flock 9
    fits || install_modules 9>&- </dev/null >&2
    components_fit || install_components 9>&- </dev/null >&2
    copied || copy_modules 9>&- </dev/null >&2
)

# changing MARK CMD…: without a mark the next command repairs what was left half done.
changing() (
    mark=$1
    shift
    cd "$DFDEV_FRONTEND" && rm -f "$mark" && cd "$OLDPWD" || exit 1
    trap : INT
    "$@"
    code=$?
    cd "$DFDEV_FRONTEND" || exit 1
    case $mark in
        "$MARK") made_of=$(lockfile) ;;
        *) made_of=bower.json ;;
    esac
    [ "$code" != 0 ] || key_of "$made_of" >"$mark"
    [ "$code" != 0 ] || copied || copy_modules </dev/null >&2
    exit "$code"
)

events() {
    # shellcheck disable=SC1090
    [ ! -f "$EVENTS" ] || . "$EVENTS"
}

# Those with a password in them: only whom the commands run as may read the file.
proxies() {
    # shellcheck disable=SC1090
    [ ! -r "$PROXIES" ] || . "$PROXIES"
}

what=$1
shift
case $what in
    hold)
        own "$1"
        exec sleep infinity
        ;;
    watch)
        hidden || { say "a file of your own could be read in here: \`dfdev up\` makes this container anew" && exit "$BARE"; }
        own "$1"
        shift
        rm -f "$INSTALLED"
        cd "$DFDEV_FRONTEND" || exit 1
        exec setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups \
            sh "$0" logged "$@"
        ;;
    logged)
        fifo=$(mktemp -u)
        mkfifo "$fifo"
        tee -a /var/log/watch.log <"$fifo" &
        exec >"$fifo" 2>&1
        rm -f "$fifo"
        proxies
        install || exit
        : >"$INSTALLED"
        [ -n "${DFDEV_EVENTS:-}" ] || until_there "$EVENTS"
        events
        sh -c "$DFDEV_BUILD" || say "the build failed; the watcher builds what is saved from now on"
        exec "$@"
        ;;
    run)
        needs=$1
        shift
        until_there "$READY"
        proven || exit "$UNPROVEN"
        hidden || exit "$BARE"
        proxies
        events
        case $needs in
            modules) install || exit ;;
            changes) changing "$MARK" "$@"; exit ;;
            components) changing "$BOWER_MARK" "$@"; exit ;;
        esac
        exec "$@"
        ;;
    fits)
        until_there "$READY"
        cd "$DFDEV_FRONTEND" && fits
        ;;
    hidden)
        hidden || exit "$BARE"
        ;;
esac
