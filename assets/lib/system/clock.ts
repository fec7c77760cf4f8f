/** Clocks and timers: wall time for stamps, monotonic time for every deadline. */

/** Milliseconds since the epoch; jumps when the clock is set. Only for stamps. */
export const wallMs = (): number => Date.now();

/** Milliseconds since this process started; never jumps. For deadlines. */
export const monotonicMs = (): number => performance.now();

/**
 * Milliseconds since the epoch by the clock as it stood when this process started: what
 * lies between two of them is true although the clock was set meanwhile. For durations
 * that begin in another process.
 */
export const steadyWallMs = (): number =>
  Math.round(performance.timeOrigin + performance.now());

/** Resolves after `ms`, or at once when `signal` fires. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener("abort", finish);
  });
}

/** Resolves to null when `signal` fires, or has fired. */
export const whenAborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
