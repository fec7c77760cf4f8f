/** What the processes of a home cost, read from /proc (Linux). */
import { cpuMsBetween, cpuMsByThread } from "../bench/processes.ts";

const read = (path: string): string | null => {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null; // it has ended
  }
};

const field = (text: string | null, name: string): number =>
  Number(text?.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m"))?.[1] ?? 0);

/** The memory of a process, what it shares counted in proportion, in MiB; 0 once it has ended. */
export const proportionalMib = (pid: number): number =>
  field(read(`/proc/${pid}/smaps_rollup`), "Pss") / 1024;

/** Resident memory of a process at its highest so far, in MiB; 0 once it has ended. */
export const peakMib = (pid: number): number =>
  field(read(`/proc/${pid}/status`), "VmHWM") / 1024;

/** Resident memory of a process now, in MiB. */
export const residentMib = (pid: number): number =>
  field(read(`/proc/${pid}/status`), "VmRSS") / 1024;

/** How many file descriptors a process has open. */
export const openFiles = (pid: number): number =>
  Array.from(Deno.readDirSync(`/proc/${pid}/fd`)).length;

/** How many of `pids` sleep until somebody lets go of a file lock. */
export function blockedOnLocks(pids: number[]): number {
  const waiting = (read("/proc/locks") ?? "").split("\n")
    .flatMap((line) => line.match(/-> FLOCK +\S+ +\S+ +(\d+) /)?.[1] ?? []);
  const blocked = new Set(waiting.map(Number));
  return pids.filter((pid) => blocked.has(pid)).length;
}

/** Processor time that `pids` use in `ms` milliseconds together, in ms. */
export async function cpuMsDuring(ms: number, pids: number[]): Promise<number> {
  const before = pids.map(cpuMsByThread);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return pids.map(cpuMsByThread)
    .map((after, at) => cpuMsBetween(before[at]!, after))
    .reduce((sum, used) => sum + used, 0);
}
