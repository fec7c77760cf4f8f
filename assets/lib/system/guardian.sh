#!/bin/sh
# Ends what a worker started, whatever ended the worker.
#   guardian.sh NOTE SIGNAL    NOTE has "pid birth-stamp" of the process to end, SIGNAL
#                              ends it gracefully
# Only the worker holds the other end of stdin. A line `stop` ends the process now, a
# line `release` ends the guardian alone, and the end of stdin means that the worker is
# gone. First SIGNAL (codex then ends its commands), after 1.2 s SIGKILL for what is left
# of the process, of its descendants, and of all that inherited CODEX_SERVER_NOTE from it:
# a process can leave the descendants, for example as a daemon.
note=$1
gently=$2
patience=120 # hundredths of a second
now=0
# Held open, so that it can be read even after its directory was deleted.
exec 3< "$note"
stamp=
. "${0%/*}/born.sh"

# Whether $1 can be the pid of one process. kill must never get 0, 1, a negative number or a
# word: those are groups, init, everybody.
is_pid() {
  case $1 in '' | 0* | 1 | *[!0-9]*) return 1 ;; esac
}

# Whether process $1 is alive and was born at $2.
is_same() {
  is_pid "$1" && [ -n "$2" ] && [ "$(born "$1")" = "$2" ]
}

# Sends signal $1 to process $2 if it was born at $3.
signal() {
  is_same "$2" "$3" && kill "-$1" "$2" 2>/dev/null
}

# Sets `now`, in hundredths of a second. Where the system reports no uptime a call counts
# as 0.1 s: a pause and a ps each time; on a busy machine it takes longer.
tick() {
  if read -r uptime rest 2>/dev/null < /proc/uptime; then
    now=$((${uptime%.*} * 100 + 1${uptime#*.} - 100))
  else
    now=$((now + 10))
  fi
}

# Prints "pid parent" of every process.
processes() {
  if [ -r /proc/self/stat ]; then
    for entry in /proc/[0-9]*; do
      read_stat "${entry#/proc/}" || continue
      set -- $stat
      echo "${entry#/proc/} $2"
    done
  else
    ps -A -o pid= -o ppid=
  fi
}

# Prints the descendants of process $1, each as "pid birth-stamp".
descendants() {
  table=$(processes)
  family=" $1 "
  grown=yes
  while [ -n "$grown" ]; do
    grown=
    while read -r pid parent; do
      case $family in *" $pid "*) continue ;; esac
      case $family in *" $parent "*) family="$family$pid " grown=yes ;; esac
    done <<TABLE
$table
TABLE
  done
  stamps ${family#" $1 "}
}

# Prints the pid of every process that has our note in its environment.
marked_pids() {
  if [ -r /proc/self/environ ]; then
    grep -lF "CODEX_SERVER_NOTE=$note" /proc/[0-9]*/environ 2>/dev/null |
      while read -r entry; do
        entry=${entry%/environ}
        echo "${entry#/proc/}"
      done
  else
    # The BSD way of asking, which Linux knows as well: `e` adds the environment.
    ps axeww -o pid= -o command= 2>/dev/null |
      while read -r pid line; do
        case $line in *" CODEX_SERVER_NOTE=$note"*) echo "$pid" ;; esac
      done
  fi
}

# Prints the same, each as "pid birth-stamp".
marked() {
  stamps $(marked_pids)
}

end_noted() {
  # The end can come between the start of the process and its note.
  tries=0
  until [ -n "$stamp" ] || read -r noted stamp <&3; do
    [ $tries -lt 20 ] || return 0
    tries=$((tries + 1))
    sleep 0.05
  done
  family=
  if is_same "$noted" "$stamp"; then
    # Stopped, so that it starts nothing more between the look and the signal.
    signal STOP "$noted" "$stamp"
    family="$noted $stamp
$(descendants "$noted")"
    signal "$gently" "$noted" "$stamp"
    signal CONT "$noted" "$stamp"
    tick
    deadline=$((now + patience))
    while is_same "$noted" "$stamp" && [ "$now" -lt "$deadline" ]; do
      sleep 0.05
      tick
    done
  fi
  # A stopped process starts no children: stop them all, twice to catch those that were
  # being started, then kill.
  for round in 1 2; do
    is_same "$noted" "$stamp" && family="$family
$(descendants "$noted")"
    family="$family
$(marked)"
    echo "$family" | signal_all STOP
  done
  echo "$family" | signal_all KILL
}

# Sends signal $1 to every process of "pid birth-stamp" lines that is still the same one.
signal_all() {
  lines=$(cat)
  alive="
$(stamps $(echo "$lines" | while read -r pid _; do is_pid "$pid" && echo "$pid"; done))
"
  echo "$lines" | while read -r pid born_at; do
    case $alive in *"
$pid $born_at
"*) is_pid "$pid" && kill "-$1" "$pid" 2>/dev/null ;; esac
  done
}

while read -r word; do
  case $word in
    stop) end_noted ;;
    release) exit 0 ;;
  esac
done
end_noted
