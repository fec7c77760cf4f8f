/** Which warnings of codex are about the user's machine rather than about the turn. */
import { isThreadEvent, type StoredEvent } from "./thread_event.ts";

/** The id of what codex's catalogue has against the turn's own flags, told before it begins. */
export const CATALOGUE_WARNING = "catalogue";

/** Items that codex warns with about its configuration, whenever they come. */
const OF_CONFIGURATION = new Set(["configWarning", "deprecationNotice"]);

/**
 * The warning that `event` is, if it is one about the configuration: it is the same before
 * every turn, and belongs into the log. All that comes before the turn has begun is of
 * that kind; what comes later is about the turn.
 */
export function configurationWarning(
  event: StoredEvent,
  turnBegun: boolean,
): string | null {
  if (!isThreadEvent(event) || event.type !== "item.completed") return null;
  const { item } = event;
  if (item.type !== "error" || item.id === CATALOGUE_WARNING) return null;
  // Its id is the kind and a number.
  const kind = item.id.replace(/-\d+$/, "");
  return !turnBegun || OF_CONFIGURATION.has(kind) ? item.message : null;
}
