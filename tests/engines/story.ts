/** What a turn left, without what may differ from run to run: both engines must leave the same. */
import { join } from "@std/path";
import { parseEvents } from "../../assets/lib/events/jsonl.ts";
import { isTerminal } from "../../assets/lib/events/thread_event.ts";
import type { Lab } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";

/** The name of an engine as `--engine` takes it. */
export type EngineName = "sdk" | "app-server";

// deno-lint-ignore no-explicit-any
type Json = any;

/** What is compared. */
export interface Story {
  /** The items that were completed, in order. */
  items: Json[];
  /** turn.completed or turn.failed. */
  last: Json;
  /** out.txt. */
  out: string[];
  result: Json;
}

/** Runs `prompts` one after the other on one thread and tells what the last turn left. */
export async function storyOf(
  lab: Lab,
  engine: EngineName,
  prompts: string[],
  flags: string[] = [],
): Promise<Story> {
  const repo = await createRepo(lab.home, `repo-${crypto.randomUUID()}`);
  let turnId = "";
  let thread: string[] = [];
  for (const prompt of prompts) {
    const verb = thread.length === 0 ? "new" : "continue";
    const started = await lab.chat([
      verb,
      ...thread,
      "--cwd",
      repo,
      "--engine",
      engine,
      ...flags,
      "--",
      prompt,
    ]);
    if (started.code !== 0) throw new Error(started.stderr);
    turnId = JSON.parse(started.stdout).turn_id;
    await lab.chat(["wait", turnId]);
    thread = ["--thread", lab.result(turnId).thread_id];
  }
  return readStory(lab, turnId, repo);
}

function readStory(lab: Lab, turnId: string, repo: string): Story {
  const paths = lab.turn(turnId);
  const plain = (text: string) => text.replaceAll(repo, "REPO");
  const events: Json[] = parseEvents(
    plain(Deno.readTextFileSync(paths.events)),
  );
  const { status, text, error, usage, files_changed, structured } = JSON.parse(
    plain(JSON.stringify(lab.result(turnId))),
  );
  return {
    items: events.filter(({ type, item }) =>
      type === "item.completed" && item.type !== "error"
    ).map(({ item }) => plainItem(item)),
    last: plainItem(events.findLast(isTerminal)),
    out: plain(Deno.readTextFileSync(paths.out)).split("\n")
      .map(plainLine),
    result: {
      status,
      text,
      code: error?.code ?? null,
      usage,
      files_changed,
      structured: structured ?? null,
    },
  };
}

/**
 * Ids are the engine's own, and only the app-server tells the phase of a message and how many
 * lines a patch changes. No two runs take the same time.
 */
function plainItem(
  { id: _id, phase: _phase, duration_ms: _ms, ...item }: Json,
): Json {
  if (item.type !== "file_change") return item;
  const plain = ({ added: _a, removed: _r, ...change }: Json) => change;
  return { ...item, changes: item.changes.map(plain) };
}

/** Times differ; only the app-server knows the quota and how many lines a patch changes. */
const plainLine = (line: string): string =>
  line.replace(/^\[done\] [\d.]+ s, /, "[done] ")
    .replace(/, \d+ % of the quota used$/, "")
    .replace(/(→ .*), [\d.]+ s$/, "$1")
    .replace(/ \+\d+ −\d+/g, "");

/** A file with the schema that the scenarios answer to. */
export function writeSchema(lab: Lab): string {
  const path = join(lab.home.home, "schema.json");
  Deno.writeTextFileSync(
    path,
    JSON.stringify({
      type: "object",
      properties: { answer: { type: "string" }, count: { type: "integer" } },
      required: ["answer", "count"],
      additionalProperties: false,
    }),
  );
  return path;
}
