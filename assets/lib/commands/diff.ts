/** `diff`: the changes that wait for a yes, or what a turn has changed. */
import { type Command, type Invocation } from "../cli/command.ts";
import { CliError, EXIT } from "../cli/errors.ts";
import { countLines } from "../domain/hunks.ts";
import { colourful, painted } from "../output/colour.ts";
import { documentLine } from "../output/json.ts";
import { noteLine } from "../output/note.ts";
import type { PendingRequest } from "../events/request.ts";
import { shortId } from "../render/in_words.ts";
import { neutralText } from "../render/neutral_text.ts";
import { patchOf } from "../render/patch.ts";
import { readTextIfExists } from "../system/files.ts";
import { stdoutIsTerminal } from "../system/stdio.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { readPending } from "../turns/pending.ts";
import { summarizeEvents } from "../turns/result.ts";
import { pathsOf } from "../turns/store.ts";
import { noSuchTurn, requireTurn, TURN_HELP } from "./name_turn.ts";

/** The verb `diff`. */
export const command: Command = {
  name: "diff",
  group: "decide",
  positionals: "own",
  summary: "print the changes that wait for a yes, or what a turn changed",
  usage: "[TURN]",
  details: `${TURN_HELP}
While file changes wait for an approval: what they would do. Else all that the turn
changed by patches so far; what its commands wrote is not in it. A patch that git
applies; nothing where nothing was changed (exit 0). With --json both, and by request.`,
  examples: ["codex-server diff", "codex-server diff 6d03171f | git apply -R"],
  options: [],
  withoutLogin: true,
  run(invocation) {
    const { json, stdout, stderr } = invocation;
    const turnId = requireTurn(invocation);
    const { state } = inspectTurn(turnId);
    if (state === "missing") throw noSuchTurn(turnId);
    const waiting = state === "running" ? patchesThatWait(turnId) : [];
    const changed = readTextIfExists(pathsOf(turnId).diff) ?? "";
    if (changed === "" && waiting.length === 0) requireDiff(turnId);
    if (json) {
      stdout(
        documentLine({ turn_id: turnId, state, pending: waiting, changed }),
      );
      return EXIT.ok;
    }
    printPatch(
      waiting.length > 0 ? waiting.map(({ diff }) => diff).join("") : changed,
      {
        stdout,
      },
    );
    stderr(noteLine(noteOn(turnId, waiting, changed)));
    return EXIT.ok;
  },
};

/** A request to change files. */
interface WaitingPatch {
  request_id: string;
  diff: string;
}

const patchesThatWait = (turnId: string): WaitingPatch[] =>
  readPending(pathsOf(turnId)).filter(isAboutFiles)
    .map(({ id, changes, cwd }) => ({
      request_id: id,
      diff: patchOf(changes, cwd ?? null),
    }));

const isAboutFiles = (
  request: PendingRequest,
): request is Extract<PendingRequest, { kind: "files" }> =>
  request.kind === "files";

/** The SDK reports which files a patch touched, not how. */
function requireDiff(turnId: string): void {
  const { files_changed: files } = summarizeEvents(pathsOf(turnId).events);
  if (files.length === 0) return;
  throw new CliError(
    "no_diff",
    `Turn ${
      shortId(turnId)
    } has no diff, as its engine gives none; it changed ${files.join(", ")}`,
    "see git diff there; the app-server engine keeps one",
  );
}

function noteOn(
  turnId: string,
  waiting: WaitingPatch[],
  changed: string,
): string {
  const id = shortId(turnId);
  if (waiting.length > 0) {
    const ids = waiting.map(({ request_id }) => request_id);
    return `not made yet: ${ids.join(", ")} of turn ${id} ${
      ids.length === 1 ? "waits" : "wait"
    } for approve or decline`;
  }
  if (changed === "") return `turn ${id} changed no file by a patch`;
  const { added, removed } = countLines(changed);
  return `turn ${id} changed +${added} −${removed}`;
}

/** A patch: raw for programs, harmless and coloured on a terminal. */
export function printPatch(
  patch: string,
  { stdout }: Pick<Invocation, "stdout">,
): void {
  if (!stdoutIsTerminal()) return stdout(patch);
  const on = colourful();
  stdout(
    neutralText(patch).split("\n").map((line) => paintedLine(line, on)).join(
      "\n",
    ),
  );
}

function paintedLine(line: string, on: boolean): string {
  if (/^(diff |--- |\+\+\+ )/.test(line)) return painted(line, "bold", on);
  if (line.startsWith("@@")) return painted(line, "cyan", on);
  if (line.startsWith("+")) return painted(line, "green", on);
  return line.startsWith("-") ? painted(line, "red", on) : line;
}
