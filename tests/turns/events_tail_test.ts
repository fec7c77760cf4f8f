import { assertEquals } from "@std/assert";
import { phaseOf } from "../../assets/lib/events/phase.ts";
import { lastEvents } from "../../assets/lib/turns/events_tail.ts";

Deno.test("review A14: an event line longer than any tail is read all the same", () => {
  const path = Deno.makeTempFileSync();
  for (const size of [100_000, 3_000_000]) {
    const item = {
      id: "c",
      type: "command_execution",
      command: "make",
      aggregated_output: "x".repeat(size),
    };
    const long = JSON.stringify({ type: "item.completed", item });
    Deno.writeTextFileSync(path, `{"type":"turn.started"}\n${long}\n`);
    const events = lastEvents(path);
    assertEquals(events.at(-1)?.type, "item.completed");
    assertEquals(phaseOf(events), "thinking");
  }
  Deno.removeSync(path);
});
