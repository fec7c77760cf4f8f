/** Which warnings of codex are about the user's machine rather than about the turn. */
import { isThreadEvent, type StoredEvent } from "./thread_event.ts";

/** The id of the catalogue's warning about the turn's own flags, given before it begins. */
export const CATALOGUE_WARNING = "catalogue";

/** Kinds of warnings about codex's configuration, whenever they come. */
const OF_CONFIGURATION = new Set(["configWarning", "deprecationNotice"]);

/**
 * The warning in `event`, if it is about the configuration: it is the same before every
 * turn, and belongs in the log. Before the turn has begun every one but the catalogue's
 * is; later, only those of OF_CONFIGURATION.
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
