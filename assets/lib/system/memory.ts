/** Memory, for a process that now and then holds a very large text. */

/** What is very large, in characters. */
const LARGE = 4 << 20;

let collect: (() => void) | null = null;

/**
 * Frees the copies of `text` that were made on its way here, where it is very large. V8
 * would let several accumulate.
 */
export function giveUpCopies(text: string): void {
  if (text.length < LARGE) return;
  collect ??= exposedCollector();
  collect();
}

interface BuiltinModules {
  getBuiltinModule(
    name: "node:v8",
  ): { setFlagsFromString(flags: string): void };
  getBuiltinModule(name: "node:vm"): {
    runInNewContext(code: string): () => void;
  };
}

function exposedCollector(): () => void {
  // The global one: importing node:process would cost every worker 20 ms of its start.
  const { process } = globalThis as unknown as { process: BuiltinModules };
  process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
  return process.getBuiltinModule("node:vm").runInNewContext("gc");
}
