/** What can be seen of other processes while a turn runs (Linux). */

/** One process as /proc shows it. */
export interface Process {
  pid: number;
  parent: number;
  /** The program that it runs. */
  program: string;
  commandLine: string;
  environment: string;
}

/** Every process that can be looked at, this one left out. */
export function processTable(): Process[] {
  const table: Process[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") continue;
      table.push({
        pid: Number(name),
        parent: Number(parent),
        program: Deno.readLinkSync(`/proc/${name}/exe`),
        commandLine: Deno.readTextFileSync(`/proc/${name}/cmdline`),
        environment: Deno.readTextFileSync(`/proc/${name}/environ`),
      });
    } catch {
      // It has ended while we looked, or is a thread of the kernel.
    }
  }
  return table;
}

/** `pids` and everything that they started. */
export function withDescendants(
  table: Process[],
  pids: number[],
): Process[] {
  const family = new Set(pids);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of table) {
      if (family.has(parent)) family.add(pid);
    }
  }
  return table.filter(({ pid }) => family.has(pid));
}

/** Every regular file below `dir`, links left out. */
export function* filesBelow(dir: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(dir)) {
    if (isDirectory) yield* filesBelow(`${dir}/${name}`);
    else if (isFile) yield `${dir}/${name}`;
  }
}

/** The files below `dir` that hold one of `texts`, as `path: text`. */
export function filesHolding(dir: string, texts: string[]): string[] {
  const found: string[] = [];
  for (const path of filesBelow(dir)) {
    // Byte for byte, as a database is no text.
    const content = new TextDecoder("latin1").decode(Deno.readFileSync(path));
    for (const text of texts) {
      if (content.includes(text)) found.push(`${path}: ${text}`);
    }
  }
  return found;
}
