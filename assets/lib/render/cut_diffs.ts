/** Requests as `status` and `wait` print them: a long diff is cut there, `diff` prints it whole. Pure. */
import type { PendingRequest } from "../events/thread_event.ts";

/** How much of the diffs of one request is shown, in characters. */
const MAX_SHOWN = 16 * 1024;

/** `request` with at most MAX_SHOWN of its diffs, whole lines of them; `diff_cut` says where. */
export function withCutDiffs(request: PendingRequest): PendingRequest {
  if (request.kind !== "files") return request;
  let left = MAX_SHOWN;
  const changes = request.changes.map((change) => {
    const { diff = "" } = change;
    if (diff.length <= left) {
      left -= diff.length;
      return change;
    }
    const shown = diff.slice(0, diff.lastIndexOf("\n", left - 1) + 1);
    left = 0;
    return { ...change, diff: shown, diff_cut: true as const };
  });
  return { ...request, changes };
}
