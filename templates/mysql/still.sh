#!/bin/sh
# still.sh hold FLAG FILE: as long as words come in, what was stopped stays so; when they end, whatever the reason, it
# goes on. Exits with 0 after the word "done": then nothing has gone on before. Meanwhile FILE is empty.
# still.sh stop FLAG: once somebody holds, stop all that the container was started for. 3: that is process 1 itself,
# which nobody in here can stop.
flag=$2 file=${3:-}
family() {
    known=' 1 ' more=1
    while [ -n "$more" ]; do
        more=
        for folder in /proc/[0-9]*; do
            { read -r line <"$folder/stat"; } 2>/dev/null || continue
            # shellcheck disable=SC2086  # the fields of /proc/PID/stat behind the name
            set -- ${line##*) }
            case $known in
            *" ${folder#/proc/} "*) ;;
            *" $2 "*) known="$known${folder#/proc/} " more=1 ;;
            esac
        done
    done
    echo "${known# 1 }"
}
stopped() {
    for pid in $1; do
        for stat in /proc/"$pid"/task/*/stat; do
            { read -r line <"$stat"; } 2>/dev/null || continue
            case ${line##*) } in [TtZX]*) ;; *) return 1 ;; esac
        done
    done
}
if [ "$1" = stop ]; then
    turns=0
    until [ -e "$flag" ]; do
        [ "$turns" -lt 500 ] || exit 4
        turns=$((turns + 1))
        sleep 0.02
    done
    turns=0
    while [ "$turns" -lt 500 ]; do
        pids=$(family)
        [ -n "$pids" ] || exit 3
        # shellcheck disable=SC2086  # several
        kill -STOP $pids 2>/dev/null
        stopped "$pids" && exit
        turns=$((turns + 1))
        sleep 0.01
    done
    exit 5
fi
# What is one's own goes into no copy. It is kept by this process alone, and never an argument of another one.
own=
[ ! -s "$file" ] || { own=$(cat "$file") && : >"$file"; }
echo $$ >"$flag"
patience=
# shellcheck disable=SC3045,SC2034  # whether this shell has -t is the question
(read -r -t 1 word </dev/null) 2>/dev/null
[ $? = 1 ] && patience='-t 15'
word=
# shellcheck disable=SC2086,SC2229,SC3045  # an option with its number, or nothing
while read -r $patience word && [ "$word" != 'done' ]; do :; done
rm -f "$flag"
[ -z "$own" ] || printf '%s\n' "$own" >"$file"
# shellcheck disable=SC2046  # several
kill -CONT $(family) 2>/dev/null
[ "$word" = 'done' ]
