/** Turn directories: how one is made, read and removed. */
import {
  createFile,
  entriesOf,
  lstatIfExists,
  makePrivateDir,
  readTextWithin,
  removeIfExists,
  replaceFile,
} from "../system/files.ts";
import { reasonOf } from "../system/os_error.ts";
import { jsonText } from "../events/json_text.ts";
import { turnsDir } from "../system/paths.ts";
import { type TurnPaths, turnPaths } from "./layout.ts";
import {
  META_MAX_BYTES,
  type MetaReading,
  parseMeta,
  type TurnMeta,
} from "./meta.ts";
import { isTurnId } from "./turn_id.ts";

/** A directory being made, or one being removed, until it is renamed or gone. */
const MAKING = ".new-";
const REMOVING = ".gone-";

/** Where the files of a turn are. `turnId` must be a checked id. */
export function pathsOf(turnId: string): TurnPaths {
  if (!isTurnId(turnId)) {
    throw new TypeError(`Not a turn id: ${JSON.stringify(turnId)}`);
  }
  return turnPaths(`${turnsDir()}/${turnId}`);
}

/**
 * Makes a turn directory with everything that a worker needs. It is filled under another
 * name and renamed into place: a visible turn is complete, whatever kills us.
 */
export function createTurn(
  meta: TurnMeta,
  prompt: Uint8Array,
  schema: string | null,
): TurnPaths {
  const staging = turnPaths(`${turnsDir()}/${MAKING}${meta.turn_id}`);
  const final = pathsOf(meta.turn_id);
  try {
    makePrivateDir(staging.dir);
    makePrivateDir(staging.control);
    createFile(staging.prompt, prompt);
    if (schema !== null) createFile(staging.schema, schema);
    createFile(staging.events, "");
    createFile(staging.out, "");
    createFile(staging.meta, metaText(meta), { sync: true });
    Deno.renameSync(staging.dir, final.dir);
  } catch (error) {
    try {
      removeIfExists(staging.dir);
    } catch {
      // The sweep removes what is left; the first error counts.
    }
    throw error;
  }
  return final;
}

const metaText = (meta: TurnMeta): string => jsonText(meta, 2) + "\n";

/** Replaces meta.json in one step. Only the turn's worker may do that. */
export const writeMeta = (paths: TurnPaths, meta: TurnMeta): void =>
  replaceFile(paths.meta, metaText(meta));

/**
 * Reads meta.json, or says why it cannot be read. The file is not examined before it is
 * read: in a list of a thousand turns every call counts.
 */
export function readMeta(paths: TurnPaths): MetaReading {
  try {
    const text = readTextWithin(paths.meta, META_MAX_BYTES);
    if (text !== null) return parseMeta(text);
    return {
      kind: "corrupt",
      reason: `meta.json has more than ${META_MAX_BYTES} bytes`,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { kind: "corrupt", reason: "meta.json is missing" };
    }
    return {
      kind: "corrupt",
      reason: `meta.json cannot be read: ${reasonOf(error)}`,
    };
  }
}

/** How much of a prompt is read to show its beginning, in bytes. */
const BEGINNING_BYTES = 1024;

/** How the prompt of a turn begins, to be shown; empty where it cannot be read. */
export function promptBeginning(paths: TurnPaths): string {
  try {
    using file = Deno.openSync(paths.prompt);
    const bytes = new Uint8Array(BEGINNING_BYTES);
    const read = file.readSync(bytes) ?? 0;
    // `stream`: a character that is cut in two is left out.
    return new TextDecoder().decode(bytes.subarray(0, read), { stream: true });
  } catch {
    return "";
  }
}

/** Whether the turn's directory exists; a symlink in its place is not a turn. */
export const turnExists = (turnId: string): boolean =>
  lstatIfExists(pathsOf(turnId).dir)?.isDirectory ?? false;

/** All turn ids, newest first. Other entries of the directory are ignored. */
export const listTurnIds = (): string[] =>
  entriesOf(turnsDir())
    .filter(({ name, isDirectory }) => isDirectory && isTurnId(name))
    .map(({ name }) => name)
    .sort()
    .reverse();

/** Removes a turn: hidden in one step, then removed file by file. */
export const removeTurn = (turnId: string): void => bury(pathsOf(turnId).dir);

function bury(dir: string): void {
  // A name that cannot exist yet.
  const grave = `${turnsDir()}/${REMOVING}${crypto.randomUUID()}`;
  try {
    Deno.renameSync(dir, grave);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  removeIfExists(grave);
}

/**
 * What a killed `new` (before the moment `beforeMs`) or a killed removal left, and how to
 * remove it. A grave needs no age: any process may finish the removal.
 */
export function leftovers(
  beforeMs: number,
): { path: string; remove: () => void }[] {
  return entriesOf(turnsDir()).flatMap(({ name }) => {
    const path = `${turnsDir()}/${name}`;
    if (name.startsWith(REMOVING)) {
      return [{ path, remove: () => removeIfExists(path) }];
    }
    const changed = name.startsWith(MAKING) ? lstatIfExists(path)?.mtime : null;
    return changed && changed.getTime() < beforeMs
      ? [{ path, remove: () => bury(path) }]
      : [];
  });
}
