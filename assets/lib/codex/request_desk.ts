/** Where codex's questions wait for an answer: one answer each, the first one counts. */
import type { PendingRequest, StoredEvent } from "../events/thread_event.ts";
import { startTimer, wallMs } from "../system/clock.ts";
import {
  type Answer,
  answered,
  type AskedAbout,
  askedBy,
  declined,
} from "./approvals.ts";
import type { ApprovalMode } from "./engine.ts";
import {
  METHOD_NOT_FOUND,
  type RequestId,
  type RpcConnection,
  type ServerRequest,
} from "./rpc.ts";

interface Waiting {
  asked: PendingRequest;
  wireId: RequestId;
  rpc: RpcConnection;
  /** Cancels its expiry. */
  inTime(): void;
}

/** Relays requests where a person is asked, answers by policy where not. */
export class RequestDesk {
  #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(
    private readonly mode: ApprovalMode,
    private readonly tell: (event: StoredEvent) => void,
  ) {}

  /** Takes a request of the server's; one of an unknown kind is refused, never ignored. */
  take(
    message: ServerRequest,
    about: AskedAbout,
    rpc: RpcConnection,
  ): void {
    const id = `r${++this.#count}`;
    const asked = askedBy(id, message, about);
    if (!asked) {
      rpc.refuse(
        message.id,
        METHOD_NOT_FOUND,
        `codex-server does not answer ${message.method}`,
      );
      return;
    }
    if (!this.mode.ask) {
      rpc.respond(message.id, declined(asked));
      return;
    }
    const { timeoutMs } = this.mode;
    const expires_at = timeoutMs === Infinity
      ? null
      : new Date(wallMs() + timeoutMs).toISOString();
    const request = { ...asked, expires_at } as PendingRequest;
    const inTime = startTimer(timeoutMs, () => this.#expire(id));
    this.#waiting.set(id, { asked: request, wireId: message.id, rpc, inTime });
    this.tell({ type: "request.opened", request });
  }

  /**
   * Answers a request that waits, and returns it.
   * @throws {UnfitAnswer} when the answer does not fit
   * @throws {Error} when no such request waits
   */
  answer(id: string, answer: Answer): PendingRequest {
    const waiting = this.#waiting.get(id);
    if (!waiting) throw new Error(`No request ${id} waits`);
    const result = answered(waiting.asked, answer);
    this.#settle(id, waiting, outcomeOf(answer));
    waiting.rpc.respond(waiting.wireId, result, isSecret(waiting.asked));
    return waiting.asked;
  }

  /** The server reports an answer from elsewhere. */
  resolvedElsewhere(wireId: RequestId): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.wireId === wireId) {
        this.#settle(id, waiting, "resolved elsewhere");
      }
    }
  }

  /** Nobody will answer any more. */
  close(): void {
    for (const { inTime } of this.#waiting.values()) inTime();
    this.#waiting.clear();
  }

  #expire(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#settle(id, waiting, "declined: nobody answered in time");
    waiting.rpc.respond(waiting.wireId, declined(waiting.asked));
  }

  #settle(id: string, { inTime }: Waiting, outcome: string): void {
    inTime();
    this.#waiting.delete(id);
    this.tell({ type: "request.resolved", request_id: id, outcome });
  }
}

const OUTCOMES = {
  once: "approved",
  session: "approved for the rest of the turn",
  prefix: "approved, and its prefix from now on",
};

/** Whether only codex may see the answer. */
const isSecret = (asked: PendingRequest): boolean =>
  asked.kind === "question" && asked.questions.some(({ secret }) => secret);

function outcomeOf(answer: Answer): string {
  if (answer.kind === "decline") return "declined";
  if (answer.kind === "answers") return "answered";
  return OUTCOMES[answer.scope];
}
