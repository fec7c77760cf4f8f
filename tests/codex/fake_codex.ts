/** Executables that stand in for codex, each with one behaviour that the real one has only now and then. */
import { join } from "@std/path";
import { type Lab, pinCodex } from "../lab.ts";

/**
 * Pins `body`, a shell script, as the codex of this lab; it plays the engine that it is started for. `probed` says that
 * setup found its app-server to work.
 */
export function pinFake(lab: Lab, body: string, { probed = false } = {}): void {
  const path = join(lab.home.home, `fake-codex-${crypto.randomUUID()}`);
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh\n${PRELUDE}\n${body}\n[ "$1" != app-server ] || cat > /dev/null\n`,
  );
  Deno.chmodSync(path, 0o755);
  pinCodex(lab.home.home, path, { appServer: probed });
}

/**
 * `event JSON` prints a line. In the words of the engine:
 * - `hear` takes in what codex is asked to do; `hear METHOD` only up to that request of the
 *   app-server's, and nothing of exec's input;
 * - `begin`, `say TEXT`, `complete` and `fail TEXT` are a turn's usual events, and what is
 *   printed between `open_say` and `close_say` is a text, too;
 * - `strange` is an event and an item of a newer codex;
 * - `work N` is N commands, each of them started and completed.
 *
 * An app-server that comes to the end of its script waits for the end of its input, as the
 * real one does.
 */
const PRELUDE = `
thread=01a1fe8e-d5c8-77c3-a907-824799b88933
event() { printf '%s\\n' "$1"; }
say() { open_say; printf '%s' "$1"; close_say; }
if [ "$1" = app-server ]; then
  note() {
    event '{"method":"'"$1"'","params":{"threadId":"'$thread'","turnId":"u1",'"$2"'}}'
  }
  turn() { printf '"turn":{"id":"u1","status":"%s","error":%s}' "$1" "\${2:-null}"; }
  item() { note "item/$1" '"item":{"id":"'"$2"'",'"$3"'}'; }
  hear() {
    last=\${1:-turn/start}
    while read -r line; do
      id=\${line#'{"id":'} id=\${id%%,*} result='{}'
      method=\${line#*'"method":"'} method=\${method%%'"'*}
      case $method in
      initialized) continue ;;
      thread/start)
        result='{"thread":{"id":"'$thread'"},"model":"m","sandbox":{"type":"readOnly"}}' ;;
      turn/start) result="{$(turn inProgress)}" ;;
      esac
      event '{"id":'"$id"',"result":'"$result"'}'
      [ "$method" != "$last" ] || return 0
    done
  }
  begin() { note turn/started "$(turn inProgress)"; }
  open_say() {
    printf '{"method":"item/completed","params":{"threadId":"%s","turnId":"u1",' $thread
    printf '"item":{"type":"agentMessage","id":"m","text":"'
  }
  close_say() { event '"}}}'; }
  complete() { note turn/completed "$(turn completed)"; }
  fail() { note turn/completed "$(turn failed '{"message":"'"$1"'"}')"; }
  strange() {
    note future/thing '"deep":{"x":[1]}'
    item completed i9 '"type":"hologram","beam":1'
  }
  started() { item started "$1" '"type":"commandExecution","command":"true","status":"inProgress"'; }
  completed() { item completed "$1" '"type":"commandExecution","command":"true","exitCode":0,"status":"completed"'; }
else
  item() { event '{"type":"item.'"$1"'","item":{"id":"'"$2"'",'"$3"'}}'; }
  hear() { [ $# -gt 0 ] || cat > /dev/null; }
  begin() {
    event '{"type":"thread.started","thread_id":"'$thread'"}'
    event '{"type":"turn.started"}'
  }
  open_say() { printf '{"type":"item.completed","item":{"id":"m","type":"agent_message","text":"'; }
  close_say() { event '"}}'; }
  complete() { event '{"type":"turn.completed","usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":2}}'; }
  fail() { event '{"type":"turn.failed","error":{"message":"'"$1"'"}}'; }
  strange() {
    event '{"type":"future.thing","deep":{"x":[1]}}'
    item completed i9 '"type":"hologram","beam":1'
  }
  started() { item started "$1" '"type":"command_execution","command":"true","aggregated_output":"","status":"in_progress"'; }
  completed() { item completed "$1" '"type":"command_execution","command":"true","aggregated_output":"","exit_code":0,"status":"completed"'; }
fi
work() {
  awk -v count="$1" -v started="$(started ID)" -v completed="$(completed ID)" '
    BEGIN {
      for (i = 1; i <= count; i++) {
        begun = started; over = completed
        sub(/"ID"/, "\\"c" i "\\"", begun); sub(/"ID"/, "\\"c" i "\\"", over)
        print begun "\\n" over
      }
    }'
}
`;
