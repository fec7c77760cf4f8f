/** Naming a turn or a thread to people: the end of its id, how it began, how old it is. */
import { cut } from "./cut.ts";
import { oneLine } from "./one_line.ts";

/** The end of an id identifies a turn; ids made in the same minute begin alike. */
export const shortId = (id: string): string => id.slice(-8);

/** How much of a prompt is shown, in characters. */
const PROMPT_CHARACTERS = 40;

/** The beginning of a prompt on one line. */
export const promptInWords = (
  prompt: string,
  limit = PROMPT_CHARACTERS,
): string => cut(oneLine(prompt).replace(/\s+/g, " "), limit);

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in one unit: `12 s`, `4 min`, `3 h`, `5 d`. */
export function ageInWords(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** A turn or thread in a few words: `turn 6d03171f "Explain what…", 4 min ago`. */
export function inWords(
  kind: "turn" | "thread",
  id: string,
  { prompt, ageMs }: { prompt: string; ageMs: number },
): string {
  const words = promptInWords(prompt);
  return [
    `${kind} ${shortId(id)}${words === "" ? "" : ` "${words}"`}`,
    `${ageInWords(ageMs)} ago`,
  ].join(", ");
}

/** What is continued, where it was not named: `"Explain what…" (4 min ago)`. */
export const quoted = (prompt: string, ageMs: number): string =>
  `"${promptInWords(prompt)}" (${ageInWords(ageMs)} ago)`;
