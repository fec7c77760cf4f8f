/**
 * The SDK engine: `@openai/codex-sdk`, which runs `codex exec --experimental-json`.
 *
 * The SDK has no deadline of its own and several ways to wait for ever (measured; see
 * references/sdk-reference.md), so it is fenced in: codex runs under a guardian, the end
 * of the turn is the terminal event and not the end of the stream, and lines that are
 * not JSON are logged instead of ending the turn.
 */
import {
  isTerminal,
  isThreadEvent,
  type StoredEvent,
  type Usage,
} from "../events/thread_event.ts";
import { sleep } from "../system/clock.ts";
import {
  type Guardian,
  makeNote,
  NOTED_EXEC,
  notedExecEnv,
  startGuardian,
} from "../system/guardian.ts";
import { allowedEnvironment, SECRET_NAMES } from "./child_env.ts";
import { EngineFailure, incomplete } from "./engine.ts";
import type { EngineContext, EngineRun, TurnRequest } from "./engine.ts";
import { totalUsage } from "./rollout_tail.ts";
import { execPermissions } from "./exec_permissions.ts";
import { fenceLines } from "./sdk_lines.ts";
import { findThreadFile } from "./sessions.ts";
import { errorMessage, lastEvent } from "./turn_error.ts";

/** How long codex may linger once its turn is over, in ms. */
const LINGER_MS = 1200;
/** How long after a stop the SDK's stream may take to end before it is abandoned, in ms. */
const STOP_MS = 3000;

/** Starts one turn through the SDK; it cannot be steered or answered. */
export function runSdk(
  request: TurnRequest,
  context: EngineContext,
): Promise<EngineRun> {
  const notePath = `${context.scratchDir}/codex.pid`;
  makeNote(notePath);
  const guardian = startGuardian(notePath, "INT");
  let stream: AsyncIterator<StoredEvent> | null = null;
  async function* events() {
    const before = usageBefore(request);
    stream = await openStream(request, context, notePath, guardian);
    for await (const event of untilTerminal(stream, context.signal)) {
      yield ofThisTurn(event, before);
    }
  }
  return Promise.resolve({
    events: events(),
    diff: "",
    async close() {
      const patience = context.signal.aborted ? 0 : LINGER_MS;
      if (stream !== null && !(await endsWithin(stream, patience))) {
        await guardian.stop();
        await endsWithin(stream, STOP_MS);
      }
      await guardian.release();
    },
  });
}

/** What the thread had used before this turn. */
function usageBefore({ threadId }: TurnRequest): Usage | null {
  const path = threadId === null ? null : findThreadFile(threadId);
  return path === null ? null : totalUsage(path);
}

/**
 * The event as the app-server reports it: an error without its wrapping, and the turn's
 * own tokens, as `codex exec` counts those of the whole thread.
 */
function ofThisTurn(event: StoredEvent, before: Usage | null): StoredEvent {
  if (isThreadEvent(event)) {
    if (event.type === "error") {
      return { type: "error", message: errorMessage(event) };
    }
    if (event.type === "turn.failed") {
      return lastEvent(null, {
        id: "",
        status: "failed",
        error: event.error,
      });
    }
  }
  if (event.type !== "turn.completed" || !before) return event;
  const usage = event.usage as Usage | null | undefined;
  if (!usage) return event;
  const own = Object.entries(usage).map(([name, total]) => [
    name,
    Math.max(0, total - (before[name as keyof Usage] ?? 0)),
  ]);
  return { ...event, usage: Object.fromEntries(own) };
}

/** Starts the turn and returns the SDK's event stream. */
async function openStream(
  request: TurnRequest,
  context: EngineContext,
  notePath: string,
  guardian: Guardian,
): Promise<AsyncIterator<StoredEvent>> {
  const { Codex } = await import("@openai/codex-sdk");
  const permissions = execPermissions(request);
  const codex = new Codex({
    codexPathOverride: NOTED_EXEC,
    env: {
      ...allowedEnvironment(),
      ...notedExecEnv(context.codexPath, notePath, SECRET_NAMES),
    },
    configOverrides: [...request.config, ...permissions.config],
  });
  const options = {
    workingDirectory: request.cwd,
    skipGitRepoCheck: request.skipGitCheck,
    ...(request.model !== null && { model: request.model }),
    ...(permissions.mode !== null && { sandboxMode: permissions.mode }),
    ...(request.network !== null && { networkAccessEnabled: request.network }),
    ...(request.effort !== null &&
      { modelReasoningEffort: request.effort as "high" }),
    ...(request.addDirs.length > 0 &&
      { additionalDirectories: request.addDirs }),
  };
  const thread = request.threadId === null
    ? codex.startThread(options)
    : codex.resumeThread(request.threadId, options);
  const { schemaPath } = request;
  fenceLines(thread, { schemaPath, guardian, log: context.log });
  const { events } = await thread.runStreamed([
    ...request.images.map((path) => ({ type: "local_image" as const, path })),
    { type: "text" as const, text: withBom(request.prompt) },
  ]);
  return events[Symbol.asyncIterator]() as AsyncIterator<StoredEvent>;
}

/** `codex exec` takes one byte order mark off its input; a prompt that has one keeps it. */
const withBom = (prompt: string): string =>
  prompt.startsWith("\ufeff") ? `\ufeff${prompt}` : prompt;

/**
 * The events up to the one that says how the turn ended, or until `signal` fires: what
 * comes after it, and a stream that does not end, are ignored.
 */
async function* untilTerminal(
  stream: AsyncIterator<StoredEvent>,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent> {
  let stop = () => {};
  signal.addEventListener("abort", () => stop());
  while (true) {
    // One promise for the whole turn would retain every race.
    const first = await new Promise<
      IteratorResult<StoredEvent> | Error | "stopped"
    >((resolve) => {
      stop = () => resolve("stopped");
      if (signal.aborted) stop();
      stream.next().then(resolve, resolve);
    });
    if (first === "stopped") return;
    if (first instanceof EngineFailure) throw first;
    if (first instanceof Error) {
      throw new EngineFailure("codex_exited", explain(first));
    }
    if (first.done) throw incomplete();
    yield first.value;
    if (isTerminal(first.value)) return;
  }
}

/** Reads a stream to its end, however it ends; false when that takes longer than `ms`. */
async function endsWithin(
  stream: AsyncIterator<StoredEvent>,
  ms: number,
): Promise<boolean> {
  const read = async () => {
    try {
      while (!(await stream.next()).done);
    } catch {
      // The turn is over; errors of codex no longer matter.
    }
    return true;
  };
  return await Promise.race([read(), sleep(ms).then(() => false)]);
}

/** The message for a process that could not be created, and for any other end. */
const explain = ({ message }: Error): string =>
  /^Child process has no std/.test(message)
    ? `Codex could not be started (${message}): the limits of processes and open files (ulimit -u, -n) may be too low`
    : message;
