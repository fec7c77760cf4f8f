/** Turns as lists show them: the fields of the JSON, and the columns that tables share. */
import type { Column } from "../output/table.ts";
import type { Colour } from "../output/colour.ts";
import { ageInWords, promptInWords, shortId } from "../render/in_words.ts";
import { took } from "../render/took.ts";
import { wallMs } from "../system/clock.ts";
import type { Inspection } from "../turns/inspect.ts";
import type { TurnMeta } from "../turns/meta.ts";
import type { TurnState } from "../turns/state.ts";
import { pathsOf, promptBeginning } from "../turns/store.ts";
import { turnIdTime } from "../turns/turn_id.ts";

/** How much of a prompt lists show, in characters. */
const HEAD_CHARACTERS = 200;

/** How a prompt begins, on one line: what meta.json keeps of it for lists. */
export const promptHead = (prompt: Uint8Array): string =>
  promptInWords(
    // `stream`: a character that is cut in two is left out.
    new TextDecoder().decode(prompt.subarray(0, 1024), { stream: true }),
    HEAD_CHARACTERS,
  );

/** The beginning of a turn's prompt; for older turns prompt.txt is read. */
export const promptOf = (turnId: string, meta: TurnMeta | null): string =>
  typeof meta?.prompt_head === "string"
    ? meta.prompt_head
    : promptInWords(promptBeginning(pathsOf(turnId)), HEAD_CHARACTERS);

/** One turn of a list. */
export interface TurnRow extends Record<string, unknown> {
  turn_id: string;
  state: TurnState;
  prompt: string;
  label?: string | null;
  started_at?: string;
  ended_at?: string | null;
  /** From `new` to the end, in seconds; null while it runs. */
  duration_s?: number | null;
}

/** What a list says of a turn. */
export function turnRow(
  turnId: string,
  { state, meta: reading, endedMs }: Inspection,
): TurnRow {
  if (reading.kind !== "ok") {
    const prompt = promptOf(turnId, null);
    return { turn_id: turnId, state, reason: reading.reason, prompt };
  }
  const { meta } = reading;
  return {
    turn_id: turnId,
    state,
    thread_id: meta.thread_id,
    started_at: meta.started_at,
    ended_at: endedMs === null ? null : new Date(endedMs).toISOString(),
    duration_s: endedMs === null
      ? null
      : secondsBetween(Date.parse(meta.started_at), endedMs),
    cwd: meta.cwd,
    repository: meta.repository ?? null,
    model: meta.model,
    label: meta.label,
    prompt: promptOf(turnId, meta),
  };
}

/** With one decimal; never negative, even if the clock was set back. */
const secondsBetween = (fromMs: number, toMs: number): number =>
  Math.max(0, Math.round((toMs - fromMs) / 100) / 10);

const STATE_COLOURS: Partial<Record<TurnState, Colour>> = {
  running: "cyan",
  complete: "green",
  failed: "red",
  corrupt: "red",
  abandoned: "red",
  cancelled: "yellow",
};

/** The colour of a state. */
export const stateColour = (state: TurnState): Colour | undefined =>
  STATE_COLOURS[state];

/** The end of the turn's id. */
export const ID: Column<TurnRow> = {
  title: "ID",
  cell: ({ turn_id }) => shortId(turn_id),
};
/** The turn's state. */
export const STATE: Column<TurnRow> = {
  title: "STATE",
  cell: ({ state }) => state,
  colour: ({ state }) => stateColour(state),
};
/** How long ago it was started. */
export const AGE: Column<TurnRow> = {
  title: "AGE",
  cell: ({ turn_id }) => ageInWords(wallMs() - turnIdTime(turn_id)),
};
/** How long it took. */
export const TOOK: Column<TurnRow> = {
  title: "TOOK",
  cell: ({ duration_s: seconds }) =>
    typeof seconds === "number" ? took(seconds * 1000) : "",
};
/** Its label. */
export const LABEL: Column<TurnRow> = {
  title: "LABEL",
  cell: ({ label }) => label ?? "",
  atMost: 16,
};
/** The beginning of its prompt. */
export const PROMPT: Column<TurnRow> = {
  title: "PROMPT",
  cell: ({ prompt }) => prompt,
};
