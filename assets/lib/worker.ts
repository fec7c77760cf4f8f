/**
 * The worker: runs the one turn that its argument names, then exits. It takes the turn's
 * lock first and holds it until it exits, which shows all others that it is alive.
 * However late it starts, it runs the turn unless the lock file exists already. Nothing
 * heavy is loaded before that, so that a library that cannot be loaded ends in an `error`
 * marker and a line in worker.log.
 */
import { entriesOf, lstatIfExists } from "./system/files.ts";
import { makeHeldLock } from "./system/lock.ts";
import { later } from "./system/later.ts";
import { makePrivate } from "./system/umask.ts";
import { markersOf, setMarker } from "./turns/markers.ts";
import type { TurnMeta } from "./turns/meta.ts";
import { pathsOf, readMeta, writeMeta } from "./turns/store.ts";
import { WorkerLog } from "./worker/log.ts";
import { VERSION } from "./version.ts";
import { Stopper } from "./worker/stop.ts";

const turnId = Deno.args[0] ?? "";
const paths = pathsOf(turnId);
// Before the first file: ours are private, whatever the caller's mask.
makePrivate();
const log = new WorkerLog(paths.log);
const stopper = new Stopper();

/** Never released: the end of the process does that, and until then the file stays open. */
function takeLock(): void {
  try {
    makeHeldLock(paths.lock);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    // A link in its place is no lock: the check for links reports it.
    if (!lstatIfExists(paths.lock)?.isSymlink) leaveToOther();
  }
}

function leaveToOther(): never {
  log.line(
    "another worker had this turn before, or somebody was told that it is abandoned; starting nothing",
  );
  Deno.exit(1);
}

takeLock();
log.line(
  `worker ${Deno.pid} of codex-server ${VERSION} on Deno ${Deno.version.deno}`,
);

/**
 * Ends the worker; as the turn must not stay open, it first gets a result with the reason
 * and its marker, even if a broken library or the disk refuses a part.
 */
async function giveUp(thrown: unknown): Promise<never> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  log.line(`failed: ${error.stack ?? error.message}`);
  try {
    const { leaveResult } = await later<
      typeof import("./worker/leave_result.ts")
    >("./worker/leave_result.ts", import.meta.url);
    leaveResult(turnId, paths, error);
  } catch (refused) {
    log.line(`result.json: ${(refused as Error).message}`);
  }
  try {
    setMarker(paths, "error");
  } finally {
    Deno.exit(1);
  }
}

for (const signal of stopSignals()) {
  Deno.addSignalListener(signal, () => {
    log.line(`stopping on ${signal}`);
    stopper.stop({
      code: "cancelled",
      message: `The worker was told to stop (${signal})`,
    });
  });
}

for (const kind of ["error", "unhandledrejection"] as const) {
  globalThis.addEventListener(kind, (event) => {
    const error = event instanceof ErrorEvent
      ? event.error
      : (event as PromiseRejectionEvent).reason;
    event.preventDefault();
    log.line(`${kind}: ${error?.stack ?? error}`);
    // codex closed its input early: its exit reports the rest.
    if (error?.code === "EPIPE" || error instanceof Deno.errors.BrokenPipe) {
      return;
    }
    stopper.stop({
      code: "internal",
      message: `The worker failed: ${error?.message ?? error}`,
    });
  });
}

function stopSignals(): Deno.Signal[] {
  return Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGTERM", "SIGINT", "SIGHUP"];
}

const { done, error } = markersOf(paths);
if (done || error) Deno.exit(0);

/**
 * The turn, signed with our pid.
 * @throws {Error} when it must not run any more
 */
function signedMeta(): TurnMeta {
  // No file of a turn is a link: writing through one would change a file elsewhere.
  const link = entriesOf(paths.dir).find(({ isSymlink }) => isSymlink);
  if (link) throw new Error(`${link.name} is a link; starting nothing`);
  const reading = readMeta(paths);
  if (reading.kind === "corrupt") throw new Error(reading.reason);
  if (reading.meta.pid !== null) leaveToOther();
  return { ...reading.meta, pid: Deno.pid };
}

try {
  const meta = signedMeta();
  // Loading continues while meta.json is written to the disk.
  const loading = import("./worker/run_turn.ts");
  if (meta.engine !== "sdk") import("./codex/app_server.ts").catch(() => {});
  writeMeta(paths, meta);
  const { runTurn } = await loading;
  await runTurn(paths, meta, stopper, log);
  const { sweepIfDue } = await later<
    typeof import("./worker/daily_sweep.ts")
  >("./worker/daily_sweep.ts", import.meta.url);
  sweepIfDue();
} catch (thrown) {
  await giveUp(thrown);
}
Deno.exit(0);
