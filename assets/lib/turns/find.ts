/** Naming a turn: by its id, a beginning or end of it, its label, or not at all. */
import { isTurnId } from "./turn_id.ts";
import { listTurnIds, pathsOf, readMeta, turnExists } from "./store.ts";

const PART_OF_ID = /^[0-9a-f][0-9a-f-]{2,35}$/;
/** What a label may look like; nothing that could be part of a path. */
export const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Where a reference led. */
export type Found =
  | { kind: "one"; turnId: string }
  | { kind: "none" }
  | { kind: "many"; turnIds: string[] }
  | { kind: "malformed" };

/**
 * The turn that `reference` names. A whole id is looked up directly; a part of one must
 * be unique; a label names the newest turn that carries it.
 */
export function findTurn(reference: string): Found {
  if (isTurnId(reference)) {
    return turnExists(reference)
      ? { kind: "one", turnId: reference }
      : { kind: "none" };
  }
  const isPart = PART_OF_ID.test(reference);
  if (!isPart && !LABEL.test(reference)) return { kind: "malformed" };
  const ids = listTurnIds();
  if (isPart) {
    const matches = ids.filter((id) =>
      id.startsWith(reference) || id.endsWith(reference)
    );
    if (matches.length > 1) return { kind: "many", turnIds: matches };
    if (matches[0]) return { kind: "one", turnId: matches[0] };
  }
  return newestWhere(ids, (meta) => meta.label === reference);
}

/** The newest turn that was started in `cwd`. */
export const findNewest = (cwd: string): Found =>
  newestWhere(listTurnIds(), (meta) => meta.cwd === cwd);

function newestWhere(
  ids: string[],
  fits: (meta: { label: string | null; cwd: string }) => boolean,
): Found {
  for (const turnId of ids) {
    const meta = readMeta(pathsOf(turnId));
    if (meta.kind === "ok" && fits(meta.meta)) return { kind: "one", turnId };
  }
  return { kind: "none" };
}
