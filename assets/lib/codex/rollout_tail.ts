/**
 * What the end of a session file says of its thread: the settings of its last turn, and
 * the tokens that it has used so far. The names of lines and fields are codex's.
 */
import type { ThreadSettings } from "../domain/permissions.ts";
import { parseEventLine } from "../events/jsonl.ts";
import type { Usage } from "../events/thread_event.ts";
import { historyOf, type Stretch } from "./history.ts";
import { settingsOf } from "./thread_settings.ts";

/** How much is read at first, in bytes; each further step back reads twice as much. */
const FIRST_BYTES = 256 * 1024;

/**
 * The settings of the thread's last turn, or null when none is found. A review has no
 * `turn_context` in its own thread, only the settings that were applied to it.
 */
export function lastSettings(path: string): ThreadSettings | null {
  const context = findLastLine(path, '"type":"turn_context"') ??
    findLastLine(path, '"type":"thread_settings_applied"');
  const payload = context?.payload as Record<string, unknown> | undefined;
  return payload ? settingsOf(payload.thread_settings ?? payload) : null;
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

/** The last line of the history that contains `mark`, parsed; read backwards. */
function findLastLine(
  path: string,
  mark: string,
): Record<string, unknown> | null {
  try {
    for (const stretch of historyOf(path)) {
      const found = lastLineIn(stretch, mark);
      if (found !== null) return parseEventLine(found);
    }
  } catch {
    // Unreadable counts as not found.
  }
  return null;
}

function lastLineIn({ size, range }: Stretch, mark: string): string | null {
  const decoder = new TextDecoder();
  let cut = "";
  for (let end = size, step = FIRST_BYTES; end > 0; step *= 2) {
    const start = Math.max(0, end - step);
    // Characters cut at an edge damage only text, never the marks.
    const lines = (decoder.decode(range(start, end)) + cut).split("\n");
    // The first line might be cut; it is read again with what comes before it.
    cut = start === 0 ? "" : lines.shift()!;
    const found = lines.findLast((line) => line.includes(mark));
    if (found !== undefined) return found;
    end = start;
  }
  return null;
}
