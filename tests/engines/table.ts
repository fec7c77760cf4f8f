/** Runs the same scenarios through both engines and compares what they leave. */
import { assertEquals } from "@std/assert";
import type { Lab } from "../lab.ts";
import { type EngineName, type Story, storyOf } from "./story.ts";

/** A row of the table. */
export interface Scenario {
  name: string;
  /** One turn each, on one thread; the last one is compared. */
  prompts: string[];
  flags?: string[];
  /** The text of the answer, or the code of the error. */
  ends: string;
}

/** Something in which the engines may differ, and what makes it alike. */
export interface Difference {
  reason: string;
  even(story: Story): Story;
}

/** Every legitimate difference. Whatever is not named here is the same. */
export const DIFFERENCES: Difference[] = [
  {
    reason:
      "codex exec tells no class of an error, the app-server does; result.json has the word for it either way",
    even: (story) => {
      const { code: _code, ...error } = story.last?.error ?? {};
      return story.last?.error
        ? { ...story, last: { ...story.last, error } }
        : story;
    },
  },
  {
    reason:
      "only the app-server streams, so only there text was seen that a retry cut off",
    even: (story) => ({ ...story, out: withoutDropped(story.out) }),
  },
];

const DROPPED = "[dropped] what was said last was cut off and does not count";

/** Takes out what was cut off: from the tagged line before it to the `[dropped]` line. */
function withoutDropped(out: string[]): string[] {
  const kept: string[] = [];
  for (const line of out) {
    if (line !== DROPPED) {
      if (line !== "" || kept.length > 0) kept.push(line);
      continue;
    }
    while (kept.length > 0 && !kept.at(-1)!.startsWith("[")) kept.pop();
  }
  return kept;
}

/** How many scenarios run at once; each is two turns. */
const AT_ONCE = 3;

/** Runs all scenarios through both engines and makes a step of each comparison. */
export async function compareEngines(
  t: Deno.TestContext,
  lab: Lab,
  scenarios: Scenario[],
): Promise<void> {
  const waiting = scenarios.map((scenario) => ({
    scenario,
    done: Promise.withResolvers<Story[]>(),
  }));
  const queue = [...waiting];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { prompts, flags } = next.scenario;
      const tell = (engine: EngineName) =>
        storyOf(lab, engine, prompts, flags).then(evened);
      await Promise.all([tell("sdk"), tell("app-server")])
        .then(next.done.resolve, next.done.reject);
    }
  };
  const workers = Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const { scenario, done } of waiting) {
    done.promise.catch(() => {}); // its own step tells
    await t.step(scenario.name, async () => {
      const [sdk, appServer] = await done.promise;
      assertEquals(appServer, sdk);
      const { code, text } = sdk!.result;
      assertEquals(code ?? text, scenario.ends);
    });
  }
  await workers;
}

const evened = (story: Story): Story =>
  DIFFERENCES.reduce((told, { even }) => even(told), story);
