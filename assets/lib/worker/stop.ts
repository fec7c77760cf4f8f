/** Why a worker stops a turn before codex has ended it. */

export interface StopReason {
  /** A word of references/error-handling.md. */
  code:
    | "cancelled"
    | "timed_out"
    | "stalled"
    | "gone"
    | "disk_full"
    | "internal";
  message: string;
}

/** An abort signal that carries the first reason given. */
export class Stopper {
  #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the turn is being stopped; null while it is not. */
  get reason(): StopReason | null {
    return this.signal.aborted ? this.signal.reason as StopReason : null;
  }

  stop(reason: StopReason): void {
    this.#controller.abort(reason);
  }
}
