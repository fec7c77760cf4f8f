/** Listening to the turn's `control/` directory while the worker runs. */
import type { EngineRun } from "../codex/engine.ts";
import type { Answer } from "../codex/approvals.ts";
import { lstatIfExists } from "../system/files.ts";
import { ChangeWatcher } from "../system/watch.ts";
import {
  type ControlReply,
  type ControlRequest,
  isCancelRequested,
  type TakenRequest,
  takeRequests,
} from "../turns/control.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { Stopper } from "./stop.ts";

/**
 * Stops the turn when somebody asks for it or takes its directory away, and passes other
 * requests to the engine that runs. One at a time, in the order of asking.
 */
export class Inbox implements Disposable {
  /** The turn under way; null before it has started and after it has ended. */
  engine: EngineRun | null = null;
  #watcher: ChangeWatcher;
  #open = true;
  /** Settles when the requests taken so far have been answered. */
  #answered: Promise<void> = Promise.resolve();

  constructor(
    private readonly paths: TurnPaths,
    private readonly stopper: Stopper,
  ) {
    this.#watcher = new ChangeWatcher(paths.control);
    this.#listen();
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
      for (const taken of takeRequests(this.paths)) {
        // Not waited for: a codex that does not answer must not hold up a cancel.
        this.#answered = this.#answered.then(() => this.#answer(taken));
      }
      await this.#watcher.next();
    }
  }

  async #answer({ request, reply }: TakenRequest): Promise<void> {
    const outcome = await this.#carryOut(request);
    try {
      reply(outcome);
    } catch {
      // The asker sees how the turn goes on.
    }
  }

  async #carryOut(request: ControlRequest | null): Promise<ControlReply> {
    const { engine } = this;
    if (!request) {
      return refused("That is not a request that this version knows");
    }
    if (!engine || this.stopper.reason) {
      return refused("The turn is not running codex now");
    }
    try {
      if (request.kind === "steer") {
        if (!engine.steer) {
          return refused(
            "The SDK engine cannot be steered; use --engine app-server",
          );
        }
        await engine.steer(request.text);
        return { ok: true, message: "The text was added to the turn" };
      }
      if (!engine.answer) {
        return refused("The SDK engine asks nothing; use --engine app-server");
      }
      const id = engine.answer(request.request_id, request.answer as Answer);
      return { ok: true, message: `Request ${id} was answered` };
    } catch (error) {
      return refused((error as Error).message);
    }
  }

  [Symbol.dispose](): void {
    this.#open = false;
    this.#watcher[Symbol.dispose]();
  }
}

const refused = (message: string): ControlReply => ({ ok: false, message });
