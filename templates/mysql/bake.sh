#!/bin/sh
# bake.sh DATA SOCKET HELD: make an empty data folder and serve it on a socket alone, as big and careless as loading
# likes it; once the server has been shut down, leave what an image needs and no more. The time zones' tables are empty
# until they are loaded, so that a server which is to have one of them by default could not start here.
set -eu
data=$1 socket=$2 held=$3
tries=0
# Whoever made this container holds it by now, or has died.
until [ -e "$held" ]; do
    [ $((tries += 1)) -lt 100 ] || { echo "dfdev, which made this container, is gone"; exit 1; }
    sleep 0.1
done
server=$(command -v mariadbd || command -v mysqld) || { echo "this image has no mysqld and no mariadbd"; exit 1; }
mkdir -p "$data" /run/mysqld /var/lib/mysql-files
chown mysql:mysql "$data" /run/mysqld /var/lib/mysql-files
chmod 0750 "$data" /var/lib/mysql-files
case $server in
*mariadbd)
    mariadb-install-db --user=mysql --datadir="$data" --auth-root-authentication-method=normal --skip-test-db \
        --default-time-zone=SYSTEM >/dev/null
    "$server" --user=mysql --datadir="$data" --socket="$socket" --skip-networking --skip-log-bin \
        --default-time-zone=SYSTEM --innodb-fast-shutdown=0 --innodb-flush-log-at-trx-commit=0 --innodb-log-file-size=512M \
        --innodb-buffer-pool-size=512M --local-infile=1 --max-allowed-packet=1G
    ;;
*)
    "$server" --initialize-insecure --user=mysql --datadir="$data" --default-time-zone=SYSTEM \
        --innodb-flush-log-at-trx-commit=0 --innodb-redo-log-capacity=100M
    "$server" --user=mysql --datadir="$data" --socket="$socket" --skip-networking --skip-log-bin --mysqlx=OFF \
        --default-time-zone=SYSTEM --innodb-fast-shutdown=0 --innodb-flush-log-at-trx-commit=0 --innodb-redo-log-capacity=1G \
        --innodb-buffer-pool-size=512M --local-infile=1 --max-allowed-packet=1G
    ;;
esac
rm -f "$data/auto.cnf" "$socket" "$socket.lock" "$held"
# Its time is what `dfdev mysql status` compares with: a table written later was changed.
touch "$data/.complete"
