# Sourced: tells processes apart by when they were born, so that a reused pid is never
# taken for the process that had it before.

# Prints the birth stamp of process $1; fails when it is dead or a zombie.
born() {
  if [ -r /proc/self/stat ]; then
    read -r born_stat 2>/dev/null < "/proc/$1/stat" || return 1
    # The fields after the command name, which may itself hold blanks and parentheses:
    # 1 is the state, 2 the parent, 20 the start time in clock ticks since boot.
    set -- ${born_stat##*) }
    [ "$1" != Z ] && [ "$1" != X ] && echo "${20}"
  else
    born_stamp=$(ps -o lstart= -p "$1" 2>/dev/null) || return 1
    set -- $born_stamp
    echo "$*" | tr ' ' '_'
  fi
}
