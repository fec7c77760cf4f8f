#!/bin/sh
# Becomes the worker of a turn: sh, because Deno can do none of this before it runs.
#   start_worker.sh PROMPT CALLS PROGRAM ARGS…
# PROMPT, locked, is the worker's stdin: by that everybody knows that a worker is on its way,
# however slow the machine is. CALLS is the lock that those hold who are starting turns:
# the worker lets them finish first, for 10 s at most. Where there is no flock(1), or one
# that cannot wait, neither is done.
closing=${0%/*}/close_descriptors.sh
. "$closing"
prompt=$1
calls=$2
shift 2
exec < "$prompt" || exit 1
PATH="$PATH:/usr/bin:/bin" flock -n 0 2>/dev/null
if [ -f "$calls" ]; then
  exec 3< "$calls"
  PATH="$PATH:/usr/bin:/bin" flock -x -w 10 3 2>/dev/null
  exec 3<&-
fi
exec "$@"
