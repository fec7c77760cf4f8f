import { assert, assertEquals } from "@std/assert";
import type { StoredEvent } from "../../assets/lib/events/thread_event.ts";
import { Recorder } from "../../assets/lib/worker/recorder.ts";
import { makeTurnIn } from "../faults/held_turn.ts";
import { withHome } from "../turns/state_home.ts";

Deno.test(
  "review A13: the first text is the agent's, and no summary of its reasoning",
  withHome((home) => {
    const { turnId, paths } = makeTurnIn(home);
    for (const path of [paths.events, paths.out]) {
      Deno.writeTextFileSync(path, "");
    }
    using recorder = new Recorder({ turn_id: turnId, cwd: "/" }, paths);
    const delta = (kind: "reasoning" | "agent_message"): StoredEvent => ({
      type: "item.delta",
      item_id: kind,
      kind,
      delta: "words",
    });
    recorder.record(delta("reasoning"));
    assertEquals(recorder.firstTextAt, null);
    recorder.record(delta("agent_message"));
    const { firstTextAt } = recorder;
    assert(firstTextAt !== null);
    recorder.record(delta("agent_message"));
    assertEquals(recorder.firstTextAt, firstTextAt);
  }),
);
