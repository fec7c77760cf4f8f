#!/bin/sh
# Becomes the worker of a turn: sh, because Deno can do none of this before it runs.
#   start_worker.sh PROMPT CALLS PROGRAM ARGS…
# PROMPT, locked, is the worker's stdin: the lock shows that a worker is starting, however
# slow the machine is. CALLS is the lock that calls hold while they start turns: the worker
# waits for them, 10 s at most. Without flock(1) neither is done; with one that has no -w
# the worker does not wait.
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
