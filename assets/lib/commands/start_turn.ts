/** Making a turn and starting its worker: what `new`, `continue` and `review` have in common. */
import { CliError, machineError, usageError } from "../cli/errors.ts";
import type { Invocation } from "../cli/command.ts";
import { noteLine } from "../output/note.ts";
import { wallMs } from "../system/clock.ts";
import { fromFileUrl } from "../system/file_url.ts";
import { mayRun } from "../system/may_run.ts";
import { callsPath } from "../system/paths.ts";
import { spawnDetached } from "../system/spawn.ts";
import { joinCalls } from "../turns/calls.ts";
import { liveTurnLabelled } from "../turns/find.ts";
import { takeLabels } from "../turns/labels.ts";
import { claimKey } from "../turns/keys.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import { createTurn, removeTurn } from "../turns/store.ts";
import { claimThread } from "../turns/threads.ts";
import { newTurnId } from "../turns/turn_id.ts";
import { LAUNCHER } from "../version.ts";
import { turnInWords } from "./name_turn.ts";
import {
  type PreparedTurn,
  prepareTurn,
  type TurnKind,
} from "./prepare_turn.ts";
import { requestDigest } from "./request_digest.ts";
import { shortId } from "../render/in_words.ts";
import { tellStarted } from "./started.ts";
import type { TurnFlags } from "./turn_flags.ts";
import { stdinNote } from "./stdin_note.ts";
import { allowRun, workerPermissions } from "./worker_permissions.ts";

/** A turn that was started, and whether the caller stays with it. */
export interface StartedTurn {
  turnId: string;
  after: TurnFlags["after"];
  /** How long the caller waits for the end, in seconds; null waits to the end. */
  timeoutS: TurnFlags["timeoutS"];
}

/**
 * Checks everything, makes the turn, starts its worker and prints where its files are.
 * Nothing is left behind when it throws.
 */
export async function startTurn(
  invocation: Invocation,
  kind: TurnKind = {},
): Promise<StartedTurn> {
  using calls = new DisposableStack();
  const request = await prepareTurn(
    invocation,
    kind,
    () => calls.use(joinCalls()),
  );
  const { flags, prompt, fromStdin, schema, meta: prepared } = request;
  const stay = { after: flags.after, timeoutS: flags.timeoutS };
  using key = flags.key === null ? null : await claimKey(flags.key);
  const digest = key ? await requestDigest(invocation.args, request, kind) : "";
  if (key?.turnId) {
    if (key.request !== null && key.request !== digest) {
      throw usageError(
        `The key ${JSON.stringify(flags.key)} was given to another request: ${
          turnInWords(key.turnId)
        }`,
        `take another key, or read the answer of that turn with: ${LAUNCHER} result ${
          shortId(key.turnId)
        }`,
      );
    }
    tellStarted(key.turnId, flags.after, invocation, { reused: true });
    return { turnId: key.turnId, ...stay };
  }
  using _labels = await claimLabel(prepared);
  const now = wallMs();
  const turnId = newTurnId(now);
  const meta: TurnMeta = {
    ...prepared,
    turn_id: turnId,
    started_at: new Date(now).toISOString(),
  };
  const paths = createTurn(meta, prompt, schema);
  try {
    if (meta.thread_id !== null) await claim(meta.thread_id, turnId);
    // Last of all: a failure after this would leave an unknown worker.
    key?.record(turnId, digest);
    spawnWorker(paths, turnId, meta.codex_path);
  } catch (error) {
    removeTurn(turnId);
    throw error;
  }
  const { thread_id, resumed_from } = meta;
  const thread = resumed_from === null ? {} : { thread_id, resumed_from };
  tellStarted(turnId, flags.after, invocation, thread);
  // Last, as it can take a moment, in which the worker starts.
  const note = fromStdin ? null : await stdinNote(kind.review !== undefined);
  if (note !== null) invocation.stderr(noteLine(note));
  return { turnId, ...stay };
}

/**
 * A label names one live turn of a repository; held until the new turn is visible.
 * @throws {CliError} `usage`, naming the turn that has the label
 */
async function claimLabel(
  { label, repository, called_from: calledFrom }: PreparedTurn["meta"],
): Promise<Disposable | null> {
  if (label === null) return null;
  const labels = await takeLabels();
  for (const of of new Set([repository, calledFrom])) {
    const live = of === null ? null : liveTurnLabelled(label, of);
    if (live === null) continue;
    labels.release();
    throw usageError(
      `The label ${label} belongs to a turn that is still running: ${
        turnInWords(live)
      }`,
      `choose another label, or wait for it with: ${LAUNCHER} wait ${label}`,
    );
  }
  return labels;
}

/** One thread has one writer: refused while another turn runs on it. */
async function claim(threadId: string, turnId: string): Promise<void> {
  const running = await claimThread(threadId, turnId);
  if (running === null) return;
  throw new CliError(
    "thread_busy",
    `Turn ${running} is still running on thread ${threadId}`,
    `wait for it with: ${LAUNCHER} wait ${running}`,
    { turn_id: running },
  );
}

/**
 * Starts the worker through `start_worker.sh`; where the caller is not allowed to,
 * another Deno does.
 */
function spawnWorker({ prompt }: TurnPaths, turnId: string, codex: string) {
  // By its real path: a later setup replaces the library, and this worker must keep
  // loading the files that it began with.
  const script = Deno.realPathSync(
    fromFileUrl(new URL("../worker.ts", import.meta.url)),
  );
  const lib = script.slice(0, script.lastIndexOf("/"));
  const starter = `${lib}/system/start_worker.sh`;
  const run = [Deno.execPath(), "run", "-q", "--no-prompt"];
  const worker = [
    ...[starter, prompt, callsPath(), ...run],
    ...[...workerPermissions(script, codex), script, turnId],
  ];
  const [command, ...args] = mayRun(starter)
    ? worker
    : [...run, allowRun(starter), `${lib}/start_detached.ts`, ...worker];
  try {
    // Otherwise the script fails when nobody reads its error.
    if (!(Deno.statSync(Deno.execPath()).mode! & 0o111)) {
      throw new Deno.errors.PermissionDenied("Deno may not be executed");
    }
    spawnDetached(command!, args);
  } catch (error) {
    throw new CliError(
      "spawn_failed",
      `The worker could not be started: ${machineError(error).message}`,
      "check the limits of processes and open files (ulimit -u, -n), and that Deno is where it was; setup repairs the launcher",
    );
  }
}
