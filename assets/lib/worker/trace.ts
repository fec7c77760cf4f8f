/** rpc.jsonl: the protocol's messages as exchanged, without secrets, and bounded. */
import type { EngineContext } from "../codex/engine.ts";
import { writeAllSync } from "../system/files.ts";

/** How much is written, in characters; the rest is omitted with a note. */
const MAX_TRACE = 64 << 20;
const REDACTED = "(redacted)";

/** Members all of whose values can be secrets. */
const SECRET_GROUPS = /^(env|headers|http_?headers|query_?params|set)$/i;
/** Members whose text is one. */
const SECRET_NAMES =
  /token|secret|passw|api_?key|private_?key|authorization|bearer|cookie|credential/i;

/** Takes every protocol message, with its direction. */
export type Trace = NonNullable<EngineContext["trace"]>;

/**
 * Writes every protocol message to the file `path`: `{at, dir, msg}` a line. Of the
 * configuration, codex's own or overridden, only the names are kept.
 */
export function tracer(path: string, max: number = MAX_TRACE): Trace {
  const file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  const encoder = new TextEncoder();
  const redact = redactor();
  let left = max;
  return (dir, line) => {
    if (left < 0) return;
    const msg = redact(dir, line);
    const at = new Date().toISOString();
    left -= msg.length;
    const entry = left < 0
      ? `{"at":"${at}","note":"the trace is full; what follows is left out"}\n`
      : `{"at":"${at}","dir":"${dir}","msg":${msg}}\n`;
    try {
      writeAllSync(file, encoder.encode(entry));
    } catch {
      // A trace must not end the turn.
    }
  };
}

/** Removes the secrets from one message after the other; an answer is known by its request. */
export function redactor(): (dir: "in" | "out", line: string) => string {
  const asked = new Set<unknown>();
  return (dir, line) => {
    const message = JSON.parse(line);
    if (dir === "out" && message.method === "config/read") {
      asked.add(message.id);
    }
    if (
      dir === "in" && message.method === undefined && asked.delete(message.id)
    ) {
      return JSON.stringify({ ...message, result: valuesGone(message.result) });
    }
    return JSON.stringify(message, (name, value) => {
      if (name === "config" || SECRET_GROUPS.test(name)) {
        return valuesGone(value);
      }
      return typeof value === "string" && SECRET_NAMES.test(name)
        ? REDACTED
        : value;
    });
  };
}

/** The same names, without their values. */
function valuesGone(value: unknown): unknown {
  if (value === null) return null;
  if (typeof value !== "object") return REDACTED;
  if (Array.isArray(value)) return value.length === 0 ? [] : [REDACTED];
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [name, valuesGone(held)]),
  );
}
