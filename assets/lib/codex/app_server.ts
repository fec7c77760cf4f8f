/**
 * The app-server engine: `codex app-server` over stdio, started for one turn and ended
 * with it. Text is streamed, and the turn can be steered, answered and interrupted while
 * it runs.
 */
import type { PendingRequest, StoredEvent } from "../events/thread_event.ts";
import { LineTooLong } from "../events/jsonl.ts";
import { isTerminal } from "../events/thread_event.ts";
import { CATALOGUE_WARNING } from "../events/warning.ts";
import { sleep } from "../system/clock.ts";
import type { Answer } from "./approvals.ts";
import { type AppServerProcess, startAppServer } from "./app_server_process.ts";
import {
  type EngineContext,
  EngineFailure,
  type EngineRun,
  incomplete,
  lineTooLong,
  outputClosed,
  type TurnRequest,
} from "./engine.ts";
import { listedModels, wordsFlaw } from "./catalogue.ts";
import { EventQueue } from "./event_queue.ts";
import { RequestDesk } from "./request_desk.ts";
import type { Notification, ServerRequest } from "./rpc.ts";
import { signOf } from "./signs.ts";
import {
  newTranslation,
  translate,
  type TranslationState,
} from "./translate.ts";
import { openThread, startTurn, textInput } from "./turn_calls.ts";
import type { WireItem, WireTurn } from "./wire.ts";

/** Time for an interrupted turn to report it, in ms; then its process is ended. */
const INTERRUPT_MS = 800;
const CALL_MS = 10_000;

/**
 * Starts codex and the turn.
 * @throws {HandshakeFailed} when this codex does not speak the protocol: nothing has run yet
 * @throws {EngineFailure} when the thread or the turn is refused
 */
export async function runAppServer(
  request: TurnRequest,
  context: EngineContext,
): Promise<EngineRun> {
  const turn = new AppServerTurn(context);
  await turn.start(request);
  return turn;
}

class AppServerTurn implements EngineRun {
  #queue = new EventQueue();
  #state: TranslationState = newTranslation("");
  /** Items under way as the server gave them: requests name them only by id. */
  #items = new Map<string, WireItem>();
  #early: Notification[] = [];
  #turnId: string | null = null;
  #cwd = "";
  /** Fires when the turn is over. */
  #over = new AbortController();
  /** Fires when codex has begun the turn, or it is over. */
  #begun = new AbortController();
  #process!: AppServerProcess;
  #desk: RequestDesk;

  constructor(private readonly context: EngineContext) {
    this.#desk = new RequestDesk(
      context.approvals,
      (event) => this.#queue.push(event),
    );
  }

  async start(request: TurnRequest): Promise<void> {
    const { signal } = this.context;
    this.#cwd = request.cwd;
    this.#process = await startAppServer(request, this.context, {
      notification: (message) => {
        this.context.sign?.(signOf(message, this.#state.threadId));
        this.#notified(message);
      },
      request: (message) => this.#asked(message),
      heard: () => this.context.sign?.({ kind: "life" }),
    });
    const { rpc } = this.#process;
    rpc.closed.then((broke) => this.#connectionClosed(broke));
    signal.addEventListener("abort", () => this.#interrupt());
    if (signal.aborted) this.#interrupt();
    try {
      const thread = await openThread(rpc, request, this.context.sign);
      const { id } = thread.opened.thread;
      this.#queue.push({ type: "thread.started", thread_id: id });
      this.#open(id);
      this.#lookUpWords(request, thread.opened.model);
      this.#turnId = await startTurn(rpc, thread, request);
      if (signal.aborted) this.#interrupt();
    } catch (error) {
      this.#end(null);
      throw await this.#refused(error as Error);
    }
  }

  get events(): AsyncIterable<StoredEvent> {
    return this.#queue;
  }

  /** The unified diff of everything that the turn changed so far. */
  get diff(): string {
    return this.#state.diff;
  }

  async steer(text: string): Promise<void> {
    // Before turn/started codex has no turn to add to.
    await sleep(CALL_MS, this.#begun.signal);
    await this.#process.rpc.request("turn/steer", {
      threadId: this.#state.threadId,
      expectedTurnId: this.#turnId,
      input: [textInput(text)],
    }, CALL_MS);
    if (this.#over.signal.aborted) return;
    this.#queue.push({ type: "turn.steered", text });
  }

  answer(requestId: string, answer: Answer): PendingRequest {
    return this.#desk.answer(requestId, answer);
  }

  async close(): Promise<void> {
    this.#desk.close();
    await this.#process.close({
      atOnce: !this.#over.signal.aborted || this.context.signal.aborted,
    });
  }

  /** Warns of a model or effort that codex's catalogue does not list; the turn does not wait. */
  async #lookUpWords(request: TurnRequest, runs: string): Promise<void> {
    if (request.model === null && request.effort === null) return;
    try {
      const { data } = await this.#process.rpc.request<{ data?: unknown }>(
        "model/list",
        { includeHidden: true },
        CALL_MS,
      );
      const message = wordsFlaw(listedModels(data), request, runs);
      if (message === null || this.#over.signal.aborted) return;
      const item = { id: CATALOGUE_WARNING, type: "error" as const, message };
      this.#queue.push({ type: "item.completed", item });
    } catch (error) {
      this.context.log(`model/list: ${(error as Error).message}`);
    }
  }

  /** From now on notifications can be matched with the thread. */
  #open(threadId: string): void {
    this.#state = newTranslation(threadId);
    for (const message of this.#early.splice(0)) this.#notified(message);
  }

  #notified(message: Notification): void {
    if (this.#state.threadId === "") {
      // What comes before the thread is known is about this start, or a warning.
      this.#early.push(message);
      return;
    }
    const item = message.params.item as WireItem | undefined;
    if (item?.id) {
      if (message.method === "item/completed") this.#items.delete(item.id);
      else this.#items.set(item.id, item);
    }
    if (message.method === "turn/started") {
      this.#turnId ??= (message.params.turn as WireTurn | undefined)?.id ??
        null;
      this.#begun.abort();
    }
    if (message.method === "serverRequest/resolved") {
      this.#desk.resolvedElsewhere(message.params.requestId as string | number);
    }
    // What comes after the end of the turn is ignored.
    if (this.#over.signal.aborted) return;
    const [state, events] = translate(this.#state, message);
    this.#state = state;
    for (const event of events) {
      this.#queue.push(event);
      if (isTerminal(event)) this.#end(null);
    }
  }

  #asked(message: ServerRequest): void {
    const item = this.#items.get(String(message.params.itemId ?? ""));
    this.#desk.take(message, { item, cwd: this.#cwd }, this.#process.rpc);
  }

  #end(error: Error | null): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#begun.abort();
    this.#queue.end(error);
  }

  async #connectionClosed(broke: Error | null): Promise<void> {
    if (this.#over.signal.aborted) return;
    if (broke instanceof LineTooLong) return this.#end(lineTooLong());
    // The connection can break although codex is alive.
    const alone = await this.#process.close({ atOnce: false });
    if (!alone) return this.#end(outputClosed());
    const { well, message } = await this.#process.howItEnded();
    this.#end(well ? incomplete() : new EngineFailure("codex_exited", message));
  }

  /** Why the thread or the turn could not be started; no process is left. */
  async #refused(error: Error): Promise<EngineFailure> {
    const { rpc, close, howItEnded } = this.#process;
    const gone = !rpc.open;
    this.#desk.close();
    const alone = await close({ atOnce: this.context.signal.aborted });
    return gone && alone
      ? new EngineFailure("codex_exited", (await howItEnded()).message)
      : new EngineFailure("codex_failed", error.message);
  }

  /** Asks codex to stop the turn; the process is ended whatever it answers. */
  async #interrupt(): Promise<void> {
    if (this.#over.signal.aborted) return;
    const turnId = this.#turnId;
    // Without a turn there is nothing to interrupt; `start` sees the end.
    if (turnId === null) {
      return void await this.#process.close({ atOnce: true });
    }
    const { threadId } = this.#state;
    this.#process.rpc.request(
      "turn/interrupt",
      { threadId, turnId },
      INTERRUPT_MS,
    )
      .catch((error) => this.context.log(`turn/interrupt: ${error.message}`));
    await sleep(INTERRUPT_MS, this.#over.signal);
    this.#end(null);
  }
}
