import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import {
  newText,
  renderEvent,
  renderNote,
} from "../../assets/lib/render/turn_text.ts";
import { cutAt, cuts, text } from "../arbitrary.ts";

/** The text that events make in a turn that has begun. */
function render(events: StoredEvent[]): string {
  let state = begun();
  return events.map((event) => {
    const [next, text] = renderEvent(state, event);
    state = next;
    return text;
  }).join("");
}

const begun = () =>
  renderEvent(newText("01a1fead-bcf5-777e-b4f9-456d22cbd36b"), {
    type: "turn.started",
  })[0];

const completed = (item: Record<string, unknown>): StoredEvent => ({
  type: "item.completed",
  item,
});
const deltas = (item_id: string, pieces: string[]): StoredEvent[] =>
  pieces.map((delta) => ({ type: "item.delta", item_id, delta }));

/** Events that are one tagged line each, with anything in their texts. */
const tagged: fc.Arbitrary<StoredEvent> = fc.oneof(
  text.map((command) =>
    completed({
      ...{ id: "c", type: "command_execution", command },
      ...{ aggregated_output: "", exit_code: 0, status: "completed" },
    })
  ),
  text.map((path) =>
    completed({
      ...{ id: "f", type: "file_change", status: "completed" },
      changes: [{ kind: "add", path }],
    })
  ),
  fc.tuple(text, text).map(([server, tool]) =>
    completed({
      id: "t",
      type: "mcp_tool_call",
      server,
      tool,
      status: "failed",
    })
  ),
  text.map((query) => completed({ id: "w", type: "web_search", query })),
  text.map((message) => completed({ id: "e", type: "error", message })),
  text.map((message) => ({ type: "turn.failed", error: { message } })),
  text.map((rest) => ({ type: "error", message: `Reconnecting${rest}` })),
);

const ended = (text: string) => text.endsWith("\n") ? text : `${text}\n`;

Deno.test("the agent's text stands there in full, a blank line between it and everything else, however it was streamed", () => {
  const message = fc.record({
    text: text.filter((text) => text !== ""),
    at: cuts,
    streams: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(message, fc.array(tagged))), (turn) => {
      const events = turn.flatMap(([{ text, at, streams }, others], index) => [
        ...(streams ? deltas(`${index}`, cutAt(text, at)) : []),
        completed({ id: `${index}`, type: "agent_message", text }),
        ...others,
      ]);
      const parts = turn.flatMap(([{ text }, others]) => [
        ended(text),
        ...(others.length > 0
          ? [others.map((other) => render([other])).join("")]
          : []),
      ]);
      const expected = parts.map((part, index) =>
        index === parts.length - 1 || part.endsWith("\n\n") ? part : `${part}\n`
      );
      // Words that end in several newlines, or are nothing else, bring their own blank line.
      const squeezed = (text: string) => text.replace(/\n{2,}/g, "\n\n");
      assertEquals(squeezed(render(events)), squeezed(expected.join("")));
    }),
    { numRuns: 400 },
  );
});

Deno.test("whatever a command, path, query or error holds, it is one tagged line", () => {
  fc.assert(
    fc.property(tagged, (event) => {
      const line = render([event]);
      assert(/^\[[a-z]+\] [^\r\n\u2028\u2029]*\n$/.test(line), line);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("reasoning is one tagged line, however it was streamed", () => {
  fc.assert(
    fc.property(text, cuts, (text, at) => {
      const line = render([
        {
          type: "item.started",
          item: { id: "r", type: "reasoning", text: "" },
        },
        ...deltas("r", cutAt(text, at)),
        completed({ id: "r", type: "reasoning", text }),
      ]);
      if (text === "") return assertEquals(line, "");
      assert(/^\[reasoning\] [^\r\n\u2028\u2029]*\n$/.test(line), line);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a note of ours is one line behind whatever stood there", () => {
  fc.assert(
    fc.property(text.filter((text) => text !== ""), text, (said, reason) => {
      const [state, out] = renderEvent(begun(), deltas("m", [said])[0]!);
      const [, added] = renderNote(state, "failed", reason);
      assert(/^\n*\[failed\] [^\r\n\u2028\u2029]*\n$/.test(added), added);
      assert(`${out}${added}`.includes("\n\n[failed]"));
    }),
    { numRuns: 500 },
  );
});

Deno.test("what is kept between events does not grow with the turn", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      let state = begun();
      texts.forEach((text, index) => {
        const id = `${index}`;
        const item = { id, type: "agent_message", text };
        const events: StoredEvent[] = [
          { type: "item.started", item },
          ...deltas(id, [text]),
          completed(item),
        ];
        for (const event of events) [state] = renderEvent(state, event);
      });
      assertEquals([state.kinds.size, state.written.size], [0, 0]);
    }),
    { numRuns: 200 },
  );
});
