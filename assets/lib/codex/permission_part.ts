/**
 * A grant as a part of the permissions that codex asks for: names, hosts and paths. Codex
 * silently ignores what it did not ask for, so that is refused here. Pure.
 */
import { UnfitAnswer } from "./answer_texts.ts";

type Fields = Record<string, unknown>;

/**
 * The grant as the protocol takes it. It includes the denials of the request.
 * @param grant null for all that is asked
 * @throws {UnfitAnswer} when it contains something not asked for
 */
export function grantOf(grant: unknown, permissions: unknown): unknown {
  const asked = withoutNulls(permissions);
  if (grant === null) return asked;
  const given = withoutNulls(grant);
  requireNames(given, asked, "");
  const network = withoutNulls(given.network);
  requireNames(network, withoutNulls(asked.network), "network.");
  const { enabled = false } = network;
  if (enabled !== false && enabled !== withoutNulls(asked.network).enabled) {
    throw notAsked("network.enabled");
  }
  const files = filesOf(given.fileSystem, asked.fileSystem);
  return { ...given, ...(files ? { fileSystem: files } : {}) };
}

/** A place in the file system, and what may be done there. */
interface Entry {
  access: unknown;
  path: Fields;
}

function filesOf(grant: unknown, permissions: unknown): Fields | null {
  const given = withoutNulls(grant);
  if (Object.keys(given).length === 0) return null;
  const asked = withoutNulls(permissions);
  requireNames(
    given,
    { ...asked, read: 1, write: 1, entries: 1 },
    "fileSystem.",
  );
  const wanted = entriesOf(asked);
  for (const entry of entriesOf(given)) {
    if (!wanted.some((other) => covers(other, entry))) {
      throw new UnfitAnswer(
        `The request does not ask to ${entry.access} ${placeOf(entry)}`,
      );
    }
  }
  const denied = wanted.filter(({ access }) => access === "deny");
  if (denied.length === 0) return { ...given, ...depthOf(asked) };
  // Codex reads only the list where it exists.
  return { ...depthOf(asked), entries: [...entriesOf(given), ...denied] };
}

const depthOf = ({ globScanMaxDepth }: Fields): Fields =>
  globScanMaxDepth === undefined ? {} : { globScanMaxDepth };

/** Both forms of the protocol as one: lists of paths by access, and a list of entries. */
function entriesOf({ read, write, entries }: Fields): Entry[] {
  const byPath = (access: string, paths: unknown): Entry[] =>
    listOf(paths).map((path) => ({ access, path: { type: "path", path } }));
  return [
    ...byPath("read", read),
    ...byPath("write", write),
    ...listOf(entries).map((entry) => {
      const { access, path } = withoutNulls(entry);
      return { access, path: withoutNulls(path) };
    }),
  ];
}

/** Write includes read, and a directory includes everything below it. */
function covers(asked: Entry, given: Entry): boolean {
  if (given.access === "deny") return true;
  const enough = asked.access === given.access ||
    (asked.access === "write" && given.access === "read");
  if (!enough) return false;
  const [above, below] = [asked.path, given.path];
  if (above.type !== "path" || below.type !== "path") {
    return JSON.stringify(sorted(above)) === JSON.stringify(sorted(below));
  }
  const [directory, path] = [String(above.path), String(below.path)];
  if (/(^|\/)\.\.?(\/|$)/.test(path)) return false;
  return path === directory ||
    path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

const placeOf = ({ path }: Entry): string =>
  path.type === "path" ? String(path.path) : JSON.stringify(path);

function requireNames(given: Fields, asked: Fields, where: string): void {
  const strange = Object.keys(given).find((name) => !(name in asked));
  if (strange !== undefined) throw notAsked(where + strange);
}

const notAsked = (what: string): UnfitAnswer =>
  new UnfitAnswer(`The request does not ask for ${what}`);

const listOf = (value: unknown): unknown[] => Array.isArray(value) ? value : [];

const sorted = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).sort(([one], [other]) => one < other ? -1 : 1)
      .map(([name, value]) => [
        name,
        typeof value === "object" && value !== null
          ? sorted(value as Fields)
          : value,
      ]),
  );

/** The fields of an object; the protocol's grant leaves out what is null in the request. */
function withoutNulls(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== null),
  );
}
