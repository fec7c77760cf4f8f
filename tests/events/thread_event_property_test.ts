/** Lines of a codex that is not ours: every reader of events takes them as they come. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { phaseOf } from "../../assets/lib/events/phase.ts";
import { EMPTY_SUMMARY, summarize } from "../../assets/lib/events/summary.ts";
import {
  isThreadEvent,
  type StoredEvent,
} from "../../assets/lib/events/thread_event.ts";
import { newText, renderEvent } from "../../assets/lib/render/turn_text.ts";
import { watchLine } from "../../assets/lib/render/watch_line.ts";
import { json, text } from "../arbitrary.ts";

const TURN = "01a1fead-bcf5-777e-b4f9-456d22cbd36b";

const fields = (names: string[], values: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names), values, { maxKeys: names.length });
/** Mostly what is expected, sometimes anything. */
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: json });
const parts = mostly(fc.array(
  fields(["path", "kind", "text", "id", "question"], mostly(text)),
  { maxLength: 3 },
));
const item = fc.record({
  id: mostly(text),
  type: mostly(fc.constantFrom(
    ...["agent_message", "reasoning", "command_execution", "file_change"],
    ...["mcp_tool_call", "web_search", "todo_list", "error", "of_tomorrow"],
  )),
  text: mostly(text),
  command: mostly(text),
  status: mostly(text),
  changes: parts,
  items: parts,
  server: mostly(text),
  tool: mostly(text),
  query: mostly(text),
  message: mostly(text),
  error: mostly(fields(["message"], mostly(text))),
}, { requiredKeys: ["id", "type"] });
const request = fc.record({
  id: mostly(text),
  kind: mostly(fc.constantFrom(
    ...["command", "files", "permissions", "question", "elicitation", "new"],
  )),
  command: mostly(text),
  changes: parts,
  questions: parts,
  server: mostly(text),
  message: mostly(text),
  reason: json,
  schema: json,
  url: json,
}, { requiredKeys: ["id", "kind"] });
const event = fc.record({
  type: fc.constantFrom(
    ...["thread.started", "turn.started", "turn.completed", "turn.failed"],
    ...["item.started", "item.updated", "item.completed", "item.delta"],
    ...["item.dropped", "request.opened", "request.resolved", "rate_limits"],
    ...["error", "of.tomorrow", "constructor"],
  ),
  item: mostly(item),
  request: mostly(request),
  error: mostly(fields(["message", "code"], mostly(text))),
  message: mostly(text),
  usage: json,
  item_id: mostly(text),
  delta: mostly(text),
  request_id: mostly(text),
  outcome: mostly(text),
  thread_id: mostly(text),
}, { requiredKeys: ["type"] });

Deno.test("no event of a strange shape throws in anything that reads events", () => {
  let known = 0;
  fc.assert(
    fc.property(fc.array(event as fc.Arbitrary<StoredEvent>), (events) => {
      let [state, out] = [newText(TURN), ""];
      for (const event of events) {
        const [next, added] = renderEvent(state, event);
        [state, out] = [next, out + added];
        assertEquals(
          state.newlines > 0 || out === "",
          out === "" || out.endsWith("\n"),
        );
        const line = watchLine(
          { turnId: TURN, cwd: null, begun: true },
          event,
        );
        if (isThreadEvent(event)) known++;
        else assertEquals([added, line], ["", null]);
      }
      events.reduce(summarize, EMPTY_SUMMARY);
      phaseOf(events);
    }),
    { numRuns: 500 },
  );
  assert(known > 0, "some of them have the shape that we know");
});

Deno.test("an event of an unknown type, or of the shape of none, is not ours", () => {
  fc.assert(fc.property(text, fc.dictionary(text, json), (type, fields) => {
    assertEquals(isThreadEvent({ ...fields, type: `x.${type}` }), false);
    assertEquals(isThreadEvent({ type: "item.completed" }), false);
  }));
});
