/** What a call has to say when a person interrupts it; the entry asks for it before it exits. */

/** The latest that wants to speak speaks; the others are behind it on the way out. */
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

/** Lets whoever is at work say what becomes of it. */
export const sayInterrupted = (): void => speakers.at(-1)?.();
