/**
 * JSON-RPC as `codex app-server` speaks it: one message a line, without the `jsonrpc`
 * member, requests in both directions. Knows messages, not what they mean.
 */
import { LineSplitter, MAX_LINE } from "../events/jsonl.ts";
import { startTimer } from "../system/clock.ts";
import { giveUpCopies } from "../system/memory.ts";

/** What carries the messages: a child's pipes, or a socket. */
export interface Transport {
  /** Text as it comes, cut anywhere; ends when the other side is gone. */
  incoming: AsyncIterable<string>;
  send(line: string): Promise<void>;
}

/** What ties an answer to its request. */
export type RequestId = number | string;

/** A message that needs no answer. */
export interface Notification {
  method: string;
  params: Record<string, unknown>;
}

/** A request of the server's that waits for our answer. */
export interface ServerRequest extends Notification {
  id: RequestId;
}

/** The server refused a request. */
export class RpcError extends Error {
  override name = "RpcError";
  constructor(readonly method: string, readonly code: number, message: string) {
    super(message);
  }
}

/** The connection ended while somebody waited on it. */
export class RpcClosed extends Error {
  override name = "RpcClosed";
}

/** No answer came before its deadline; a later one is ignored. */
export class RpcTimeout extends Error {
  override name = "RpcTimeout";
}

/** Callbacks for what comes in. */
export interface RpcHandlers {
  notification(message: Notification): void;
  request(message: ServerRequest): void;
  /** A message of any kind arrived. */
  heard?(): void;
  /** A line that is not a message. */
  stray(line: string): void;
  /** Every message, for a trace. */
  trace?(direction: "in" | "out", line: string): void;
}

/** JSON-RPC's code for a method that is not known. */
export const METHOD_NOT_FOUND: number = -32601;
const INTERNAL_ERROR = -32603;

interface Incoming {
  id?: RequestId;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

interface Waiting {
  method: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
  /** Cancels its deadline. */
  inTime(): void;
}

/** One connection. `closed` resolves when the other side is gone, with what broke it if anything did. */
export class RpcConnection {
  #next = 0;
  #waiting = new Map<RequestId, Waiting>();
  #open = true;
  readonly closed: Promise<Error | null>;

  constructor(
    private readonly transport: Transport,
    private readonly handlers: RpcHandlers,
  ) {
    this.closed = this.#read();
  }

  /**
   * Sends a request and waits for its result.
   * @throws {RpcError} when the server refuses it
   * @throws {RpcClosed} when the connection ends first
   * @throws {RpcTimeout} when `timeoutMs` passes first; `Infinity` waits for ever
   */
  request<T>(method: string, params: unknown, timeoutMs: number): Promise<T> {
    if (!this.#open) {
      return Promise.reject(new RpcClosed(`codex is gone (${method})`));
    }
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      const inTime = startTimer(timeoutMs, () => {
        this.#waiting.delete(id);
        reject(
          new RpcTimeout(
            `codex did not answer ${method} within ${timeoutMs / 1000} s`,
          ),
        );
      });
      this.#waiting.set(id, {
        method,
        resolve: (result) => resolve(result as T),
        reject,
        inTime,
      });
      this.#send({ id, method, params });
    });
  }

  /** Whether the other side is there. */
  get open(): boolean {
    return this.#open;
  }

  notify(method: string, params?: unknown): void {
    this.#send(params === undefined ? { method } : { method, params });
  }

  /**
   * Answers a request of the server's under the id that it came with.
   * @param secret the answer is kept out of the trace
   */
  respond(id: RequestId, result: unknown, secret = false): void {
    this.#send({ id, result }, secret ? { id, result: "(secret)" } : undefined);
  }

  refuse(id: RequestId, code: number, message: string): void {
    this.#send({ id, error: { code, message } });
  }

  #send(message: unknown, traced = message): void {
    const line = JSON.stringify(message);
    this.handlers.trace?.("out", JSON.stringify(traced));
    // The end of the input reports a broken pipe.
    this.transport.send(line + "\n").catch(() => {});
  }

  async #read(): Promise<Error | null> {
    const splitter = new LineSplitter(MAX_LINE);
    let broke: Error | null = null;
    try {
      for await (const text of this.transport.incoming) {
        this.#takeAll(splitter.push(text));
      }
      this.#take(splitter.rest);
    } catch (error) {
      broke = error as Error;
      this.handlers.stray(`connection broke: ${broke.message}`);
    }
    this.#open = false;
    for (const { reject, method, inTime } of this.#waiting.values()) {
      inTime();
      reject(new RpcClosed(`codex ended before it answered ${method}`));
    }
    this.#waiting.clear();
    return broke;
  }

  #takeAll(lines: string[]): void {
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (line.trim() === "") return;
    giveUpCopies(line);
    let message: Incoming;
    try {
      message = JSON.parse(line);
    } catch {
      return this.handlers.stray(line);
    }
    if (typeof message !== "object" || message === null) {
      return this.handlers.stray(line);
    }
    this.handlers.trace?.("in", line);
    this.handlers.heard?.();
    try {
      this.#dispatch(message, line);
    } catch (error) {
      const said = (error as Error).message;
      this.handlers.stray(`${said}: ${line}`);
      // An unanswered request blocks the turn for ever.
      if (message.method && (message.id ?? null) !== null) {
        this.refuse(message.id!, INTERNAL_ERROR, said);
      }
    }
  }

  #dispatch(message: Incoming, line: string): void {
    const params = (message.params ?? {}) as Record<string, unknown>;
    if (typeof message.method === "string") {
      const { id, method } = message;
      if (id === undefined || id === null) {
        return this.handlers.notification({ method, params });
      }
      return this.handlers.request({ id, method, params });
    }
    const waiting = message.id === undefined
      ? undefined
      : this.#waiting.get(message.id);
    if (!waiting) return this.handlers.stray(line);
    this.#waiting.delete(message.id!);
    waiting.inTime();
    if (message.error) {
      waiting.reject(
        new RpcError(waiting.method, message.error.code, message.error.message),
      );
    } else {
      waiting.resolve(message.result);
    }
  }
}
