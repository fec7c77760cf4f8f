/** What processes cost, read from /proc (Linux). */

/** Resident memory of a process and those of its children that `counts` names by their command line, in MB. */
export function residentMb(
  pid: number,
  counts: (command: string) => boolean,
): number {
  const family = [
    pid,
    ...childrenOf(pid).filter((child) => counts(commandOf(child))),
  ];
  return family.map(residentKb).reduce((sum, kb) => sum + kb) * 1024 / 1e6;
}

/** Processor time that each thread of a process has used so far, in ms. */
export function cpuMsByThread(pid: number): Map<string, number> {
  const used = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    try {
      const [ns] = read(`/proc/${pid}/task/${name}/schedstat`).split(" ");
      used.set(name, Number(ns) / 1e6);
    } catch {
      // The thread has ended meanwhile.
    }
  }
  return used;
}

/** What the threads that are in both readings used in between, in ms; one that has ended had been idle. */
export function cpuMsBetween(
  before: Map<string, number>,
  after: Map<string, number>,
): number {
  let ms = 0;
  for (const [thread, used] of after) ms += used - (before.get(thread) ?? 0);
  return ms;
}

function childrenOf(pid: number): number[] {
  return Array.from(Deno.readDirSync(`/proc/${pid}/task`), ({ name }) => name)
    .flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(" "))
    .filter((child) => child !== "").map(Number);
}

const commandOf = (pid: number): string =>
  read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();

function residentKb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  if (kb === undefined) throw new Error(`Process ${pid} has ended`);
  return Number(kb);
}

const read = (path: string): string => Deno.readTextFileSync(path);
