# Sourced as "$closing", first thing in a script: closes what descriptors the caller left
# open, but for 0 to 2. Who outlives the call would otherwise keep the end of a pipe, or a
# lock, of the caller's. Only bash can name a descriptor above 9: where there is such a one,
# bash closes it and runs the script again.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
high=
for fd in /dev/fd/??*; do
  # The shell itself holds the files that it reads commands from; they go with it.
  [ ! -e "$fd" ] || [ "$fd" -ef "$0" ] || [ "$fd" -ef "$closing" ] || high=yes
done
if [ -n "$high" ] && [ -z "$CODEX_SERVER_CLOSED" ] && command -v bash > /dev/null; then
  exec bash -p -c 'for fd in /dev/fd/*; do
    fd=${fd##*/}
    case $fd in 0 | 1 | 2 | *[!0-9]*) ;; *) eval "exec $fd>&-" ;; esac
  done
  CODEX_SERVER_CLOSED=yes exec /bin/sh "$0" "$@"' "$0" "$@"
fi
unset CODEX_SERVER_CLOSED
