/**
 * Naming a turn: by its id, a beginning or end of it, its label, or not at all. Labels, and
 * what is meant without a name, belong to a repository: the one that a turn runs in and the
 * one that it was started from. The turns themselves are read; there is no index to go stale.
 */
import { jsonText } from "../events/json_text.ts";
import { lstatIfExists, readTextWithin } from "../system/files.ts";
import { repositoryOf } from "../system/repository.ts";
import { inspectTurn } from "./inspect.ts";
import { labelsGuardedSince } from "./labels.ts";
import { META_MAX_BYTES, parseMeta, type TurnMeta } from "./meta.ts";
import { listTurnIds, pathsOf, turnExists } from "./store.ts";
import { couldBePartOfId, isTurnId, turnIdTime } from "./turn_id.ts";

/** A shorter part of an id is not looked for: it would be unique by chance. */
export const MIN_PART = 3;
/** What a label may look like; nothing that could be part of a path. */
export const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** One turn, or none. */
export type OneOrNone =
  | { kind: "one"; turnId: string }
  /** `elsewhere`: the newest turn that has this label in another repository. */
  | { kind: "none"; elsewhere?: string };

/** Where a reference led. */
export type Found =
  | OneOrNone
  | { kind: "many"; turnIds: string[] }
  /** Too few characters of an id. */
  | { kind: "short" }
  | { kind: "malformed" };

/**
 * The turn that `reference` names in the repository `here`. A whole id is looked up
 * directly; a part of one must be unique; a label names the newest turn that carries it.
 */
export function findTurn(reference: string, here: string): Found {
  if (isTurnId(reference)) {
    return turnExists(reference)
      ? { kind: "one", turnId: reference }
      : { kind: "none" };
  }
  const isPart = couldBePartOfId(reference);
  if (!isPart && !LABEL.test(reference)) return { kind: "malformed" };
  const ids = listTurnIds();
  if (!isPart) return labelled(ids, reference, here);
  // Only a turn of an older library can have a label that looks like this.
  const guarded = labelsGuardedSince();
  const byLabel = labelled(
    ids.filter((id) => turnIdTime(id) < guarded),
    reference,
    here,
  );
  const isShort = reference.length < MIN_PART;
  const named = new Set(
    isShort
      ? []
      : ids.filter((id) => id.startsWith(reference) || id.endsWith(reference)),
  );
  if (byLabel.kind === "one") named.add(byLabel.turnId);
  const [turnId, ...others] = named;
  if (turnId === undefined) {
    return isShort ? { kind: "short" } : { kind: "none" };
  }
  return others.length === 0
    ? { kind: "one", turnId }
    : { kind: "many", turnIds: [...named] };
}

/**
 * The newest turn of the repository `here`.
 * @param isWanted lets the caller skip turns
 */
export function findNewest(
  here: string,
  isWanted: (meta: TurnMeta) => boolean = () => true,
): OneOrNone {
  const turnId = listTurnIds().find((id) => {
    const meta = metaThatNames(id, here);
    return meta !== null && belongsTo(meta, here) && isWanted(meta);
  });
  return turnId === undefined ? { kind: "none" } : { kind: "one", turnId };
}

/** The turns of the repository `here` that are not over, newest first. */
export const liveTurns = (here: string): string[] =>
  listTurnIds().filter((id) => {
    const { done, error } = pathsOf(id);
    // The cheapest check first: most turns are over.
    return !lstatIfExists(done) && !lstatIfExists(error) &&
      belongsTo(metaThatNames(id, here), here) &&
      inspectTurn(id).state === "running";
  });

/** The live turn of the repository `here` that has the label; null where none has it. */
export const liveTurnLabelled = (label: string, here: string): string | null =>
  liveTurns(here).find((id) => metaThatNames(id, label)?.label === label) ??
    null;

function labelled(ids: string[], label: string, here: string): OneOrNone {
  let elsewhere: string | undefined;
  for (const turnId of ids) {
    const meta = metaThatNames(turnId, label);
    if (meta?.label !== label) continue;
    if (belongsTo(meta, here)) return { kind: "one", turnId };
    elsewhere ??= turnId;
  }
  return { kind: "none", ...(elsewhere !== undefined && { elsewhere }) };
}

/**
 * The meta.json of a turn, if readable and possibly about `text`; of very many turns only
 * those few are parsed. An older library's, without a repository, is always parsed.
 */
function metaThatNames(turnId: string, text: string): TurnMeta | null {
  let json: string | null;
  try {
    json = readTextWithin(pathsOf(turnId).meta, META_MAX_BYTES);
  } catch {
    return null; // being made, being removed, or unreadable: nobody can mean it
  }
  if (json === null) return null;
  if (json.includes('"repository"') && !json.includes(jsonText(text))) {
    return null;
  }
  const reading = parseMeta(json);
  return reading.kind === "ok" ? reading.meta : null;
}

/** Whether a turn runs in the repository `here`, or was started from there. */
export const belongsTo = (meta: TurnMeta | null, here: string): boolean =>
  meta !== null &&
  (meta.called_from === here ||
    (meta.repository ?? rememberedRepository(meta.cwd)) === here);

/** Many turns without a repository have the same directory. */
function rememberedRepository(cwd: string): string {
  const known = repositories.get(cwd) ?? repositoryOf(cwd);
  repositories.set(cwd, known);
  return known;
}

const repositories = new Map<string, string>();
