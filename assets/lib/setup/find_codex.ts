/** Finding a codex that works: `--codex PATH`, then PATH, then mise and asdf, then what was pinned before. */
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { CliError } from "../cli/errors.ts";
import {
  checkPinnedBinary,
  type Fingerprint,
  fingerprintOf,
} from "../codex/install_config.ts";
import { readEnv } from "../system/env.ts";
import { askCodexVersion } from "./codex_version.ts";
import { type Manager, programBehind } from "./program_behind.ts";
import { askManager, type ManagerAnswer } from "./version_manager.ts";

/** A codex with its version, as of the time it was run. */
export interface KnownCodex {
  path: string;
  version: string;
  fingerprint: Fingerprint;
}

/** A codex that works. */
export interface FoundCodex extends KnownCodex {
  /** What else there is to know, one sentence each. */
  notes: string[];
}

/** Where to look besides PATH and the version managers. */
export interface SearchHints {
  /** Pinned by the last setup; trusted if unchanged where running it is not permitted. */
  known: KnownCodex | null;
  /** Paths to try when everything else has none. */
  last: string[];
}

type Examined =
  | { kind: "works"; codex: FoundCodex }
  | { kind: "fails"; reason: string };

/** A possible codex; `answer` when a version manager named it. */
interface Candidate {
  path: string;
  answer?: ManagerAnswer;
}

const INSTALL_HINT = "install it with `brew install codex` or " +
  "`npm install -g @openai/codex` and run setup again, or let setup do it with --install-codex";

/**
 * The codex at `path`, which the user has named.
 * @throws {CliError} `codex_missing` with the reason why it cannot be used
 */
export async function findNamedCodex(
  path: string,
  known: KnownCodex | null,
): Promise<FoundCodex> {
  const examined = await examine({ path: resolve(path) }, known);
  if (examined.kind === "works") return examined.codex;
  throw new CliError(
    "codex_missing",
    `The codex given with --codex cannot be used: ${examined.reason}`,
    "name one that works, or leave --codex out and PATH is searched",
  );
}

/**
 * The first codex that works.
 * @throws {CliError} `codex_missing`, which says why those that were found do not work
 */
export async function findCodex(
  { known, last }: SearchHints,
): Promise<FoundCodex> {
  const reasons: string[] = [];
  for await (const candidate of candidates(last)) {
    const examined = await examine(candidate, known);
    if (examined.kind === "works") {
      const { codex } = examined;
      const passedOver = reasons.map((reason) =>
        `Passed over a codex: ${reason}`
      );
      return { ...codex, notes: [...passedOver, ...codex.notes] };
    }
    reasons.push(examined.reason);
  }
  throw new CliError(
    "codex_missing",
    reasons.length === 0
      ? "No codex on PATH, and neither mise nor asdf has one"
      : `No codex works here: ${reasons.join("; ")}`,
    INSTALL_HINT,
  );
}

/** Every possible path of a codex, best first, each once. */
async function* candidates(last: string[]): AsyncGenerator<Candidate> {
  const seen = new Set<string>();
  const isNew = (path: string) => !seen.has(path) && seen.add(path);
  for (const path of onPath("codex")) if (isNew(path)) yield { path };
  for (const manager of ["mise", "asdf"] satisfies Manager[]) {
    const answer = await askManager(manager, onPath(manager));
    if (answer && isNew(answer.path)) yield { path: answer.path, answer };
  }
  for (const path of last) if (isNew(path)) yield { path };
}

/** Where PATH has a file of this name, in PATH's order. Relative entries do not count. */
function onPath(name: string): string[] {
  const files = Deno.build.os === "windows"
    ? [`${name}.exe`, `${name}.cmd`]
    : [name];
  return (readEnv("PATH") ?? "").split(delimiter)
    .filter((dir) => isAbsolute(dir))
    .flatMap((dir) => files.map((file) => join(dir, file)))
    .filter((path) => {
      try {
        return Deno.statSync(path).isFile;
      } catch {
        return false;
      }
    });
}

/** Resolves a candidate to the program behind it and checks that it is a codex that works. */
async function examine(
  { path, answer: given }: Candidate,
  known: KnownCodex | null,
): Promise<Examined> {
  let behind = programBehind(path);
  let answer = given ?? null;
  const notes: string[] = [];
  if (behind.kind === "shim") {
    const { manager, command } = behind;
    answer ??= await askManager(manager, [command, manager]);
    behind = programBehind(answer?.path ?? path);
    if (!answer) {
      notes.push(
        `${path} is a shim of ${manager}, which did not say what is behind it, ` +
          "so the shim itself was pinned",
      );
    }
  }
  const program = behind.kind === "program"
    ? behind.path
    : answer?.path ?? path;
  const fails = (reason: string): Examined => ({
    kind: "fails",
    reason: `${program} ${reason}`,
  });
  if (behind.kind === "nothing") return fails(behind.reason);

  const fingerprint = fingerprintOf(Deno.statSync(program));
  const isKnown = known?.path === program;
  const look = checkPinnedBinary(
    program,
    isKnown ? known.fingerprint : fingerprint,
  );
  if (look.kind === "broken") return fails(look.reason);
  const works = (version: string): Examined => ({
    kind: "works",
    codex: { path: program, version, fingerprint, notes },
  });
  const said = await askCodexVersion([
    { command: program },
    { command: path, ...(answer && { cwd: answer.question.cwd! }) },
    ...(answer ? [answer.question] : []),
  ]);
  if (said.kind === "works") return works(said.version);
  if (said.kind === "fails") return fails(said.reason);
  return isKnown && !look.changed ? works(known.version) : fails(
    "may not be run with these permissions (deno run -A lets setup do it)",
  );
}
