/** A turn's events as JSON lines on stdout, as in events.jsonl, and harmless on a terminal. */
import type { Invocation } from "../cli/command.ts";
import { jsonText } from "../events/json_text.ts";
import { EventReader } from "../turns/event_reader.ts";
import { pathsOf } from "../turns/store.ts";
import { waitForTurn } from "../turns/wait.ts";
import { whenDetached } from "./detach.ts";
import { tellEnd } from "./end.ts";
import { openTurnFile } from "./turn_file.ts";
import { resultOf } from "./verdict.ts";

/** Which events are wanted, and for how long. */
export interface EventsWanted {
  /** Skip the events up to this number. */
  since?: number;
  /** Only this many of the last existing events; null: all. */
  last?: number | null;
  /** How long to wait for the end, in seconds; null: for ever. */
  timeoutS?: number | null;
}

/** Prints the existing events. */
export function printEvents(
  turnId: string,
  { stdout }: Pick<Invocation, "stdout">,
  { last = null }: EventsWanted = {},
): void {
  using reader = openEvents(turnId);
  show(reader, stdout, { last });
}

/**
 * Prints events until every turn is over; returns the worst exit code. With several turns
 * each event names its turn in `turn_id`.
 */
export async function followEvents(
  turnIds: string[],
  invocation: Invocation,
  { since = 0, last = null, timeoutS = null }: EventsWanted = {},
): Promise<number> {
  const { stdout } = invocation;
  using _detach = whenDetached(turnIds, invocation);
  const exits = await Promise.all(turnIds.map(async (turnId) => {
    const mark = turnIds.length > 1 ? { turn_id: turnId } : {};
    using reader = openEvents(turnId);
    show(reader, stdout, { since, last, mark });
    const inspection = await waitForTurn(turnId, {
      timeoutMs: timeoutS === null ? null : timeoutS * 1000,
      onLook: () => show(reader, stdout, { since, mark }),
    });
    const result = resultOf(turnId, inspection);
    return tellEnd(turnId, inspection, result, invocation, { timeoutS });
  }));
  return Math.max(...exits);
}

const openEvents = (turnId: string): EventReader =>
  openTurnFile(
    turnId,
    "events.jsonl",
    () => new EventReader(pathsOf(turnId).events),
  );

/** Prints what has come since the last look. */
function show(
  reader: EventReader,
  stdout: Invocation["stdout"],
  { since = 0, last = null, mark = {} }: {
    since?: number;
    last?: number | null;
    mark?: { turn_id?: string };
  },
): void {
  const kept: string[] = [];
  reader.drain(({ number, event }) => {
    if (number <= since) return;
    const line = jsonText({ ...mark, ...event }) + "\n";
    if (last === null) return stdout(line);
    kept.push(line);
    if (kept.length > last) kept.shift();
  });
  for (const line of kept) stdout(line);
}
