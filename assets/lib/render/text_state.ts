/** The end of out.txt so far: what must separate it from the next piece. Pure. */

/** What the text so far ended with. */
export interface TextState {
  /** The turn, for the commands that answer its requests. */
  turnId: string;
  /** Where the turn works: paths below it are shown from there. */
  cwd: string | null;
  /** The turn has begun: what codex warned of before was its configuration. */
  begun: boolean;
  /** The type of each item under way, as far as known: its deltas do not say it. */
  kinds: ReadonlyMap<string, string>;
  /** The item whose deltas are at the end, unfinished. */
  streaming: string | null;
  /** Items under way of which something was written. */
  written: ReadonlySet<string>;
  /** What is at the end: words of the agent, a tagged line, or nothing yet. */
  last: "words" | "line" | null;
  /** How many newlines the text ends with, at most two. */
  newlines: number;
  /** Plan lines that were already printed. */
  plan: ReadonlySet<string>;
  /** The latest use of the quota, in percent. */
  quota: number | null;
}

/** The state before anything has been written. */
export const newText = (
  turnId: string,
  cwd: string | null = null,
): TextState => ({
  turnId,
  cwd,
  begun: false,
  kinds: new Map(),
  streaming: null,
  written: new Set(),
  last: null,
  newlines: 0,
  plan: new Set(),
  quota: null,
});

/** What a piece of text adds, and the state after it. */
export type Rendered = [state: TextState, text: string];

/** The separator between the text and what comes: a blank line before and after words. */
export function between(
  { last, newlines }: TextState,
  next: "words" | "line",
): string {
  if (last === null) return "";
  const wanted = last === "line" && next === "line" ? 1 : 2;
  return "\n".repeat(Math.max(0, wanted - newlines));
}

/** The state after `separator` and `text`. */
export function add(
  state: TextState,
  separator: string,
  text: string,
  last: "words" | "line",
): Rendered {
  const whole = separator + text;
  const ended = newlinesAtEnd(whole);
  const newlines = ended === whole.length ? state.newlines + ended : ended;
  return [
    { ...state, streaming: null, last, newlines: Math.min(2, newlines) },
    whole,
  ];
}

/** Ends the line at the end of the text. */
export const endLine = (state: TextState): Rendered =>
  state.last === null ? [state, ""] : add(
    state,
    state.newlines === 0 ? "\n" : "",
    "",
    state.last,
  );

/** A tagged line, or several. */
export const addLine = (state: TextState, line: string): Rendered =>
  add(state, between(state, "line"), `${line}\n`, "line");

/** A whole message. */
export function addWords(state: TextState, words: string): Rendered {
  if (words === "") return [state, ""];
  const end = words.endsWith("\n") ? "" : "\n";
  return add(state, between(state, "words"), words + end, "words");
}

function newlinesAtEnd(text: string): number {
  let count = 0;
  while (text.at(-1 - count) === "\n") count++;
  return count;
}
