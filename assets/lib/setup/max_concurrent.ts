/** How many turns this machine takes at once, unless the user says otherwise. */

/** Codex with its worker keeps about this much in memory, in bytes. */
const TURN_BYTES = 256 * 1024 * 1024;
/** A turn mostly waits for the model; this many share a core. */
const TURNS_PER_CORE = 8;
/** Even a small machine takes this many. */
const AT_LEAST = 4;

/** What a machine has. */
export interface Machine {
  cores: number;
  /** Bytes; null without permission to ask. */
  memory: number | null;
}

/** Eight turns per core, within half of the memory. */
export function turnsAtOnce({ cores, memory }: Machine): number {
  const byMemory = memory === null
    ? Infinity
    : Math.floor(memory / 2 / TURN_BYTES);
  return Math.max(AT_LEAST, Math.min(TURNS_PER_CORE * cores, byMemory));
}

/** This machine. */
export function thisMachine(): Machine {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "systemMemoryInfo",
  });
  return {
    cores: navigator.hardwareConcurrency,
    memory: state === "granted" ? Deno.systemMemoryInfo().total : null,
  };
}
