/**
 * What the end of a session file tells of its thread: the settings of its last turn, and
 * the tokens that it has used so far. `turn_context` and `token_count` are codex's names.
 */
import { parseEventLine } from "../events/jsonl.ts";
import type { Usage } from "../events/thread_event.ts";

/** What the last turn of a thread ran with; null where the file does not say. */
export interface TurnContext {
  model: string | null;
  sandbox: "read-only" | "workspace-write" | "danger-full-access" | null;
  /** Network access inside the workspace-write sandbox. */
  network: boolean | null;
}

/** How far back from the end is searched, in bytes. */
const SEARCH_BYTES = 8 << 20;
const CHUNK_BYTES = 256 * 1024;

/** The settings of the thread's last turn, or null when none is found. */
export function lastTurnContext(path: string): TurnContext | null {
  const line = findLastLine(path, '"type":"turn_context"');
  const payload = line?.payload as Record<string, unknown> | undefined;
  if (!payload) return null;
  const policy = payload.sandbox_policy as {
    type?: string;
    network_access?: boolean;
  } | undefined;
  const sandbox = policy?.type;
  const known = sandbox === "read-only" || sandbox === "workspace-write" ||
    sandbox === "danger-full-access";
  return {
    model: typeof payload.model === "string" ? payload.model : null,
    sandbox: known ? sandbox : null,
    network: sandbox === "workspace-write"
      ? policy?.network_access === true
      : null,
  };
}

/** The tokens that the thread has used so far, or null when the file does not say. */
export function totalUsage(path: string): Usage | null {
  const line = findLastLine(path, '"type":"token_count"');
  const payload = line?.payload as
    | { info?: { total_token_usage?: Usage } }
    | undefined;
  return payload?.info?.total_token_usage ?? null;
}

/**
 * The findings of the thread's last review, codex's `review_output`: `{findings,
 * overall_correctness, overall_explanation, overall_confidence_score}`. Null when the
 * reviewer gave none, or there was no review.
 */
export function lastReview(path: string): unknown {
  const line = findLastLine(path, '"type":"ExitedReviewMode"');
  const payload = line?.payload as
    | { item?: { review_output?: unknown } }
    | undefined;
  return payload?.item?.review_output ?? null;
}

/** The last line of the file that holds `mark`, parsed; read in chunks from the end. */
function findLastLine(
  path: string,
  mark: string,
): Record<string, unknown> | null {
  try {
    using file = Deno.openSync(path, { read: true });
    const size = file.statSync().size;
    let tail = "";
    for (let end = size; end > 0 && size - end < SEARCH_BYTES;) {
      const start = Math.max(0, end - CHUNK_BYTES);
      // Cut characters at a chunk's edge only ever spoil text, never the marks we look for.
      tail = readAt(file, start, end - start) + tail;
      const lines = tail.split("\n");
      // The first line may be cut; it is looked at again with the next chunk.
      const whole = start === 0 ? lines : lines.slice(1);
      const found = whole.findLast((line) => line.includes(mark));
      if (found) return parseEventLine(found);
      tail = start === 0 ? "" : lines[0]!;
      end = start;
    }
  } catch {
    // Unreadable is as good as silent.
  }
  return null;
}

function readAt(file: Deno.FsFile, offset: number, length: number): string {
  file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let read = 0;
  for (let n; read < length && (n = file.readSync(bytes.subarray(read)));) {
    read += n;
  }
  return new TextDecoder().decode(bytes.subarray(0, read));
}
