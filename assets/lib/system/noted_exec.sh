#!/bin/sh
# Becomes the program $CODEX_SERVER_PROGRAM after noting its own pid and birth stamp in
# $CODEX_SERVER_NOTE, so that the guardian knows whom to end although a library hides
# the child. Starts nothing when the worker ($CODEX_SERVER_WORKER) has died meanwhile.
# The names in $CODEX_SERVER_UNSET are not passed on; a blank value would not do, as some
# count as set then. CODEX_SERVER_NOTE is: whatever the program starts is known by it. It
# makes files under the mask $CODEX_SERVER_UMASK, the caller's, and not under the worker's.
note=$CODEX_SERVER_NOTE
program=$CODEX_SERVER_PROGRAM
worker=$CODEX_SERVER_WORKER
mask=$CODEX_SERVER_UMASK
unset $CODEX_SERVER_UNSET CODEX_SERVER_UNSET
unset CODEX_SERVER_PROGRAM CODEX_SERVER_WORKER CODEX_SERVER_UMASK CODEX_SERVER_STDIN
. "${0%/*}/born.sh"

[ "$PPID" = "$worker" ] || exit 75
# The worker has made it; a link in its place leads to what is not ours.
[ -f "$note" ] && [ ! -L "$note" ] && echo "$$ $(born $$)" > "$note" || exit 75
[ -z "$mask" ] || umask "$mask"
exec "$program" "$@"
