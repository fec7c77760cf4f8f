/** `watch`: a line for each thing worth knowing, made for a monitor. */
import { type Command, type Invocation, numberOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { shortId } from "../render/in_words.ts";
import { took } from "../render/took.ts";
import {
  flat,
  shortLine,
  watchLine,
  withAdvice,
} from "../render/watch_line.ts";
import { monotonicMs, wallMs } from "../system/clock.ts";
import { EventReader } from "../turns/event_reader.ts";
import { type Inspection, inspectTurn } from "../turns/inspect.ts";
import type { TurnResult } from "../turns/result.ts";
import { isOver } from "../turns/state.ts";
import { pathsOf } from "../turns/store.ts";
import { turnIdTime } from "../turns/turn_id.ts";
import { waitForTurn } from "../turns/wait.ts";
import { LAUNCHER } from "../version.ts";
import { whenDetached } from "./detach.ts";
import { followEvents } from "./event_lines.ts";
import { exitOf, requireTurn, TURN_HELP } from "./name_turn.ts";
import { Pace } from "./pace.ts";
import { progressOf } from "./progress.ts";
import { Silence } from "./silence.ts";
import { WAIT_TIMEOUT } from "./tail.ts";
import { openTurnFile } from "./turn_file.ts";
import { resultOf } from "./verdict.ts";

/** The verb `watch`. */
export const command: Command = {
  name: "watch",
  group: "follow",
  positionals: "own",
  summary: "print a short line for each thing worth knowing, to the end",
  usage: "[TURN…] [--since N] [--timeout TIME]",
  details: `${TURN_HELP}
Lines have at most 200 characters and come a few a second; the last one tells how
the turn ended. Each begins with the end of the turn's id and the number of the
event: give that number to --since to go on later without a replay. The exit code
is the turn's, of several turns the highest. With --json: the events, one a line.`,
  examples: ["codex-server watch", "codex-server watch 6d03171f --since 12"],
  options: [
    {
      name: "since",
      type: "number",
      value: "N",
      help: "leave out what came up to event N (one turn only)",
    },
    WAIT_TIMEOUT,
  ],
  withoutLogin: true,
  async run(invocation) {
    const { args } = invocation;
    const since = numberOption(args, "since") ?? 0;
    const timeoutS = numberOption(args, "timeout") || null; // 0: never
    const references = args.positionals.length > 0 ? args.positionals : [null];
    if (since > 0 && references.length > 1) {
      throw usageError("--since goes with one turn");
    }
    const turnIds = references.map((reference) =>
      requireTurn({
        args: { ...args, positionals: reference === null ? [] : [reference] },
        stderr: invocation.stderr,
      })
    );
    if (invocation.json) {
      return await followEvents(turnIds, invocation, { since, timeoutS });
    }
    using _detach = whenDetached(turnIds, invocation);
    const exits = await Promise.all(
      turnIds.map((turnId) => watchTurn(turnId, invocation, since, timeoutS)),
    );
    return Math.max(...exits);
  },
};

/** How often to check whether a held line can be printed, in ms. */
const FLUSH_MS = 250;

async function watchTurn(
  turnId: string,
  { stdout }: Invocation,
  since: number,
  timeoutS: number | null,
): Promise<number> {
  using reader = openTurnFile(
    turnId,
    "events.jsonl",
    () => new EventReader(pathsOf(turnId).events),
  );
  const name = shortId(turnId);
  const found = inspectTurn(turnId);
  const watched = {
    turnId,
    cwd: found.meta.kind === "ok" ? found.meta.meta.cwd : null,
    begun: false,
  };
  const silence = new Silence(monotonicMs());
  const print = (line: string) => {
    silence.broken(monotonicMs());
    stdout(`${line}\n`);
  };
  // A finished turn needs no limit, which is for floods.
  const pace = new Pace(print, !isOver(found.state));
  let last = since;
  /** What was printed for a turn without events. */
  let waitingFor = "";
  const look = () => {
    reader.drain(({ number, event }) => {
      last = Math.max(last, number);
      watched.begun ||= event.type === "turn.started";
      const line = number > since ? watchLine(watched, event) : null;
      if (!line) return;
      const text = `${name} #${number} ${line.text}`;
      pace.say(
        line.urgent ? flat(text) : shortLine(text),
        line.urgent,
        monotonicMs(),
      );
    });
    pace.flush(monotonicMs());
    if (last > 0) return;
    const inspection = inspectTurn(turnId);
    if (inspection.state !== "running") return;
    const { phase } = progressOf(turnId, inspection);
    if (phase === waitingFor || !WAITING.has(phase)) return;
    waitingFor = phase;
    print(`${name} #0 [${phase}] ${WAITING.get(phase)}`);
  };
  const timer = setInterval(() => {
    const now = monotonicMs();
    pace.flush(now);
    const silent = silence.due(now);
    if (silent === null) return;
    const { phase } = progressOf(turnId, inspectTurn(turnId));
    stdout(`${name} #${last} [alive] ${phase}, no news for ${took(silent)}\n`);
  }, FLUSH_MS);
  const inspection = await waitForTurn(turnId, {
    timeoutMs: timeoutS === null ? null : timeoutS * 1000,
    onLook: look,
  }).finally(() => clearInterval(timer));
  pace.flush(Infinity);
  const result = resultOf(turnId, inspection);
  stdout(`${endLine(turnId, last, inspection, result)}\n`);
  return exitOf(inspection.state, result);
}

/** What a turn waits for that has no event yet. */
const WAITING = new Map<string, string>([
  ["starting", "codex is being started"],
  ["queued", "behind other turns; it starts when one of them ends"],
]);

/** The last line: how the turn ended, or that it goes on, and what to type next. */
function endLine(
  turnId: string,
  last: number,
  { state }: Inspection,
  result: TurnResult | null,
): string {
  const name = shortId(turnId);
  const start = `${name} #${last} [${state}]`;
  if (result?.error) {
    const { message, hint } = result.error;
    return withAdvice(start, message, `— ${hint}`);
  }
  if (state === "missing") return `${start} The turn was removed`;
  if (state === "running") {
    return withAdvice(
      start,
      "it goes on;",
      `go on with: ${LAUNCHER} watch ${name} --since ${last}`,
    );
  }
  const ms = result?.metrics?.latency_ms ?? wallMs() - turnIdTime(turnId);
  return withAdvice(
    start,
    `after ${took(ms)};`,
    `the answer: ${LAUNCHER} result ${name}`,
  );
}
