/** A file system in memory, mounted where a test wants a small disk or a fast one. */
import { removeIfExists } from "../../assets/lib/system/files.ts";
import type { Lab } from "../lab.ts";

/** Mounts a tmpfs at `dir`, which is made when missing; disposing of it unmounts. */
export async function mountMemory(
  dir: string,
  options: string,
): Promise<AsyncDisposable> {
  Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
  await run("mount", "-t", "tmpfs", "-o", `mode=700,${options}`, "tmpfs", dir);
  // Lazily: a process that is just ending may have a file open.
  return { [Symbol.asyncDispose]: () => run("umount", "-l", dir) };
}

const fillerOf = (dir: string): string => `${dir}/.filler`;

/** Writes into `dir` until no more than `room` bytes fit, by whole pages. */
export function fillUp(dir: string, room = 0): void {
  using file = Deno.openSync(fillerOf(dir), { create: true, append: true });
  for (let size = 64 * 1024; size >= 1;) {
    try {
      file.writeSync(new Uint8Array(size));
    } catch (error) {
      if (!/os error 28\b/.test((error as Error).message)) throw error;
      size = Math.floor(size / 2);
    }
  }
  file.truncateSync(file.statSync().size - room);
}

/** Gives back the space that `fillUp` took. */
export const free = (dir: string): void => removeIfExists(fillerOf(dir));

/** Mounts a small disk over the lab's `~/.codex-server`, whose configuration moves onto it; its path. */
export async function smallDisk(
  lab: Lab,
  options = "size=512k",
): Promise<{ root: string } & AsyncDisposable> {
  const root = `${lab.home.home}/.codex-server`;
  const config = Deno.readTextFileSync(`${root}/config.json`);
  const disk = await mountMemory(root, options);
  Deno.writeTextFileSync(`${root}/config.json`, config, { mode: 0o600 });
  return { root, ...disk };
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
  }
}
