/** Clocks and timers: wall time for stamps, monotonic time for every deadline. */

/** Milliseconds since the epoch; jumps when the clock is set. Only for stamps. */
export const wallMs = (): number => Date.now();

/** Milliseconds since this process started; never jumps. For deadlines. */
export const monotonicMs = (): number => performance.now();

/**
 * Milliseconds since the epoch by the clock as it was when this process started:
 * differences are correct even if the clock was set meanwhile. For durations that begin
 * in another process.
 */
export const steadyWallMs = (): number =>
  Math.round(performance.timeOrigin + performance.now());

/** The longest timer of the runtime, in ms: one beyond 32 bits fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls `act` once, after `ms`, however long that is; never for `Infinity`.
 * @returns what cancels it
 */
export function startTimer(ms: number, act: () => void): () => void {
  if (ms === Infinity) return () => {};
  const due = new Deadline(ms);
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    const left = due.leftMs;
    timer = left > MAX_TIMER_MS
      ? setTimeout(wait, MAX_TIMER_MS)
      : setTimeout(act, left);
  };
  wait();
  return () => clearTimeout(timer);
}

/** Resolves after `ms`, or at once when `signal` fires. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      stop();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const stop = startTimer(ms, finish);
    signal?.addEventListener("abort", finish);
  });
}

/** The moment when something has taken too long; `Infinity` ms never comes. */
export class Deadline {
  #due: number;

  constructor(ms: number) {
    this.#due = monotonicMs() + ms;
  }

  /** Milliseconds until then; 0 once it has passed. */
  get leftMs(): number {
    return Math.max(0, this.#due - monotonicMs());
  }

  get passed(): boolean {
    return this.leftMs === 0;
  }
}

/** A limit as users give it, in seconds, where 0 means never: in ms. */
export const limitMs = (seconds: number): number =>
  seconds === 0 ? Infinity : seconds * 1000;

/** Resolves to null when `signal` fires, or has fired. */
export const whenAborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
