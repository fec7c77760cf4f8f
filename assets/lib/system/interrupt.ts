/** What a call reports when a person interrupts it; the entry point calls it before exit. */

/** Only the latest (innermost) is called; the others enclose it. */
const speakers: (() => void)[] = [];

/** Calls `say` when the process is interrupted, until the result is disposed of. */
export function whenInterrupted(say: () => void): Disposable {
  speakers.push(say);
  return {
    [Symbol.dispose]() {
      const at = speakers.lastIndexOf(say);
      if (at !== -1) speakers.splice(at, 1);
    },
  };
}

/** Calls the innermost of them. */
export const sayInterrupted = (): void => speakers.at(-1)?.();
