#!/bin/sh
# Does what the official images' documentation says of theirs: an empty data folder is initialised, a server that only
# its socket leads to runs what is in /docker-entrypoint-initdb.d, and then the real one serves.
set -eu

say() { echo "entrypoint: $*" >&2; }

# of /etc/my.cnf and of what the command line adds to it, as the official images look it up
setting() { "$server" "$@" --verbose --help 2>/dev/null | awk '$1 == "datadir" { print $2; exit }'; }

sql() { MYSQL_PWD=${password:-} "$client" --user=root --comments "$@"; }

initialise() {
    say "initialising $data"
    if [ "$client" = mariadb ]; then
        mariadb-install-db --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >&2
    else
        mysqld "$@" --initialize-insecure
    fi
}

start_for_init() {
    "$server" "$@" --skip-networking &
    temporary=$!
    until sql --execute='SELECT 1' >/dev/null 2>&1; do
        kill -0 "$temporary"
        sleep 0.1
    done
}

accounts() {
    sql <<SQL
CREATE USER 'root'@'%' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1', 'root'@'$(hostname)';
SQL
    password=$MYSQL_ROOT_PASSWORD
    [ -z "$MYSQL_DATABASE" ] || sql --execute="CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`"
    [ -n "$MYSQL_USER" ] && [ -n "$MYSQL_PASSWORD" ] || return 0
    sql --execute="CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD'"
    [ -z "$MYSQL_DATABASE" ] || sql --execute="GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%'"
}

run_files() {
    for file in /docker-entrypoint-initdb.d/*.sql; do
        [ -e "$file" ] || continue
        say "running $file"
        sql --database="$MYSQL_DATABASE" <"$file"
    done
}

first_start() {
    initialise "$@"
    start_for_init "$@"
    accounts
    run_files
    sleep "$INIT_SECONDS"
    kill "$temporary"
    wait "$temporary"
    say 'ready for start up'
}

case ${1:-} in
    -*) set -- mysqld "$@" ;;
    mysqld | mariadbd) ;;
    *) exec "$@" ;;
esac
if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid=mysql --regid=mysql --clear-groups "$0" "$@"
fi

shift
client=mysql server=mysqld
if command -v mariadbd >/dev/null; then client=mariadb server=mariadbd; fi
data=$(setting "$@")
if [ ! -d "$data/mysql" ]; then
    [ -n "${MYSQL_ROOT_PASSWORD:-}" ] || { say 'set MYSQL_ROOT_PASSWORD'; exit 1; }
    first_start "$@"
fi
exec "$server" "$@"
