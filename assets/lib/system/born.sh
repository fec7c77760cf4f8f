# Sourced: identifies processes by their start time, so that a reused pid is never taken
# for the process that had it before.

# Sets `stat` to the fields of /proc/$1/stat after the command's name: state, parent, …
# The name can contain anything, line breaks and parentheses too; no field does.
read_stat() {
  stat=
  {
    while read -r stat_line || [ -n "$stat_line" ]; do
      stat="$stat $stat_line"
    done
  } 2>/dev/null < "/proc/$1/stat"
  stat=${stat##*)}
  [ -n "$stat" ]
}

# Prints "pid birth-stamp" of each process $1… that is alive and not a zombie. A birth stamp
# is one word.
stamps() {
  [ $# -gt 0 ] || return 0
  if [ -r /proc/self/stat ]; then
    for pid; do
      read_stat "$pid" || continue
      set -- $stat
      # 1 is the state, 20 the start time in clock ticks since boot.
      case $1 in [ZX]) ;; *) echo "$pid ${20}" ;; esac
    done
  else
    # The same words for the same moment, in any language and time zone of the caller.
    TZ=UTC LC_ALL=C ps -o pid= -o stat= -o lstart= -p "$(IFS=,; echo "$*")" 2>/dev/null |
      while read -r pid state day month date time year; do
        case $state in [ZX]*) ;; *) echo "$pid ${day}_${month}_${date}_${time}_$year" ;; esac
      done
  fi
}

# Prints the birth stamp of process $1; fails when it is dead or a zombie.
born() {
  set -- $(stamps "$1")
  [ $# -eq 2 ] && echo "$2"
}
