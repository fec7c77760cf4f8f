#!/bin/sh
# Becomes the program $CODEX_SERVER_PROGRAM after noting its own pid and birth stamp in
# $CODEX_SERVER_NOTE, so that the guardian finds the child although a library hides it.
# Starts nothing when the worker ($CODEX_SERVER_WORKER) has died meanwhile. The names in
# $CODEX_SERVER_UNSET are removed; a blank value is not enough, as some then count as set.
# CODEX_SERVER_NOTE is passed on: it marks everything that the program starts. The
# program's umask is $CODEX_SERVER_UMASK, the caller's, not the worker's.
note=$CODEX_SERVER_NOTE
program=$CODEX_SERVER_PROGRAM
worker=$CODEX_SERVER_WORKER
mask=$CODEX_SERVER_UMASK
unset $CODEX_SERVER_UNSET CODEX_SERVER_UNSET
unset CODEX_SERVER_PROGRAM CODEX_SERVER_WORKER CODEX_SERVER_UMASK CODEX_SERVER_STDIN
. "${0%/*}/born.sh"

[ "$PPID" = "$worker" ] || exit 75
# The worker made it; a link in its place would lead to a foreign file.
[ -f "$note" ] && [ ! -L "$note" ] && echo "$$ $(born $$)" > "$note" || exit 75
[ -z "$mask" ] || umask "$mask"
exec "$program" "$@"
