# Sourced as "$closing", first thing in a script: closes descriptors that the caller left
# open, except 0 to 2. A process that outlives the call would otherwise hold the caller's
# pipe or lock. Only bash can name a descriptor above 9: if there is one, bash closes it and
# runs the script again.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
high=
for fd in /dev/fd/??*; do
  # The shell holds the files that it reads commands from; they close with it.
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
