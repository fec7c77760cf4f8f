/** Listening to the turn's `control/` directory while the worker runs. */
import type { EngineRun } from "../codex/engine.ts";
import { answeredLine } from "../render/answered_line.ts";
import { sleep } from "../system/clock.ts";
import { lstatIfExists } from "../system/files.ts";
import { ChangeWatcher } from "../system/watch.ts";
import {
  type ControlReply,
  type ControlRequest,
  isCancelRequested,
  type TakenRequest,
  takeRequest,
} from "../turns/control.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { Stopper } from "./stop.ts";

/** How long a steer may wait for codex to begin before it is answered, in ms. */
const KEEP_MS = 5000;

/** What an inbox must know of its turn. */
export interface InboxOptions {
  /** Why this turn takes no words, where that is known beforehand. */
  unsteerable: string | null;
  /** Reports words that were kept for codex in vain. */
  onLost(text: string, reason: string): void;
  /** Replaces KEEP_MS. */
  keepMs?: number;
}

/**
 * Stops the turn when that is requested or its directory is removed, and passes other
 * requests to codex once it runs: one at a time, in the order of asking.
 */
export class Inbox implements Disposable {
  #watcher: ChangeWatcher;
  #open = true;
  /** A request is being carried out; those after it stay in the directory meanwhile. */
  #busy = false;
  #run: EngineRun | null = null;
  /** Fires when codex runs, the turn is over or is to be stopped. */
  #settled = new AbortController();
  #over = false;
  /** Words for codex to get when it begins. */
  #kept: string[] = [];
  /** Settles when codex has got them. */
  #given: Promise<void> = Promise.resolve();

  constructor(
    private readonly paths: TurnPaths,
    private readonly stopper: Stopper,
    private readonly options: InboxOptions,
  ) {
    this.#watcher = new ChangeWatcher(paths.control);
    stopper.signal.addEventListener("abort", () => this.#settled.abort());
    this.#listen();
  }

  /** Codex runs the turn: it gets what was kept for it, and from now on all requests. */
  begin(run: EngineRun): void {
    this.#run = run;
    this.#given = this.#giveKept(run);
    this.#settled.abort();
  }

  /** The turn is over: what comes now comes too late. */
  end(): void {
    this.#over = true;
    this.#run = null;
    this.#settled.abort();
    this.#lose("the turn ended before codex had begun");
  }

  async #listen(): Promise<void> {
    while (this.#open) {
      if (isCancelRequested(this.paths)) {
        this.stopper.stop({
          code: "cancelled",
          message: "The turn was cancelled",
        });
      } else if (!lstatIfExists(this.paths.dir)) {
        this.stopper.stop({
          code: "gone",
          message: "The turn's directory was removed",
        });
      }
      // Not waited for: a codex that does not answer must not hold up a cancel.
      this.#carryOutAll();
      await this.#watcher.next();
    }
  }

  async #carryOutAll(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#open) {
      const taken = takeRequest(this.paths);
      if (!taken) break;
      await this.#answer(taken);
    }
    this.#busy = false;
  }

  async #answer({ request, reply }: TakenRequest): Promise<void> {
    const outcome = await this.#carryOut(request)
      .catch((error) => refused(error.message));
    try {
      reply(outcome);
    } catch {
      // The asker sees how the turn goes on.
    }
  }

  async #carryOut(request: ControlRequest | null): Promise<ControlReply> {
    if (!request) {
      return refused("That is not a request that this version knows");
    }
    if (request.kind === "steer") return await this.#steer(request.text);
    const late = this.#tooLate();
    if (late) return late;
    if (!this.#run) return refused("Codex has not begun: it asks nothing");
    if (!this.#run.answer) {
      return refused("The SDK engine asks nothing; use --engine app-server");
    }
    const { request_id: id, answer } = request;
    const asked = this.#run.answer(id, answer);
    const message = answeredLine(asked, answer);
    return { ok: true, message, request_id: asked.id };
  }

  /** Words for a turn that codex has not begun are kept; the asker waits KEEP_MS at most. */
  async #steer(text: string): Promise<ControlReply> {
    const { unsteerable } = this.options;
    if (unsteerable !== null) return refused(unsteerable);
    // No second wait: the words must keep their order.
    if (this.#kept.length === 0) {
      await sleep(this.options.keepMs ?? KEEP_MS, this.#settled.signal);
    }
    const late = this.#tooLate();
    if (late) return late;
    if (!this.#run) {
      this.#kept.push(text);
      return { ok: true, message: "Codex gets the text as soon as it begins" };
    }
    await this.#given;
    return await give(this.#run, text);
  }

  #tooLate(): ControlReply | null {
    if (this.#over) return refused("Too late: the turn has ended");
    const { reason } = this.stopper;
    return reason ? refused(`Too late: ${reason.message}`) : null;
  }

  async #giveKept(run: EngineRun): Promise<void> {
    for (let text; (text = this.#kept.shift()) !== undefined;) {
      const { ok, message } = await give(run, text)
        .catch((error) => refused(error.message));
      if (!ok) this.options.onLost(text, message);
    }
  }

  #lose(reason: string): void {
    for (const text of this.#kept.splice(0)) this.options.onLost(text, reason);
  }

  [Symbol.dispose](): void {
    this.#open = false;
    this.#watcher[Symbol.dispose]();
  }
}

async function give(run: EngineRun, text: string): Promise<ControlReply> {
  if (!run.steer) {
    return refused("The SDK engine cannot be steered; use --engine app-server");
  }
  await run.steer(text);
  return { ok: true, message: "The text was added to the turn" };
}

const refused = (message: string): ControlReply => ({ ok: false, message });
