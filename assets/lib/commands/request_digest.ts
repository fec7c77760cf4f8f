/** What makes two calls with the same `--key` the same request. */
import type { ParsedArguments } from "../cli/args.ts";
import { jsonText } from "../events/json_text.ts";
import type { PreparedTurn, TurnKind } from "./prepare_turn.ts";

/** Flags that say how the caller waits, or that count by what they resolve to. */
const NOT_ASKED = [
  ...["key", "json", "print-id", "follow", "wait", "timeout"],
  ...["prompt-file", "with", "schema", "cwd"],
];

/** A digest of all that codex is asked, hex: prompt, flags, directory, kind of turn. */
export async function requestDigest(
  { options }: ParsedArguments,
  { prompt, schema, meta }: PreparedTurn,
  kind: TurnKind,
): Promise<string> {
  const flags = Object.entries(options)
    .filter(([name]) => !NOT_ASKED.includes(name))
    .toSorted(([a], [b]) => a < b ? -1 : 1);
  const { cwd, images, add_dirs, skills, mentions, review, fork } = meta;
  const asked = new TextEncoder().encode(jsonText({
    goesOn: kind.findThread !== undefined,
    ...{ flags, schema, cwd, images, add_dirs, skills, mentions, review, fork },
  }));
  const parts = new Uint8Array(asked.length + 1 + prompt.length);
  parts.set(asked);
  parts.set(prompt, asked.length + 1);
  const digest = await crypto.subtle.digest("SHA-256", parts);
  return Array.from(
    new Uint8Array(digest),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
