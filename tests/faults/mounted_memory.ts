/** A file system in memory, mounted where a test wants a small disk or a fast one. */

/** Mounts a tmpfs at `dir`, which is made when missing; disposing of it unmounts. */
export async function mountMemory(
  dir: string,
  options: string,
): Promise<AsyncDisposable> {
  Deno.mkdirSync(dir, { recursive: true, mode: 0o700 });
  await run("mount", "-t", "tmpfs", "-o", `mode=700,${options}`, "tmpfs", dir);
  return { [Symbol.asyncDispose]: () => run("umount", dir) };
}

/** Writes into `dir` until not one byte fits any more. */
export function fillUp(dir: string): void {
  using file = Deno.openSync(`${dir}/.filler`, { create: true, append: true });
  for (let size = 64 * 1024; size >= 1;) {
    try {
      file.writeSync(new Uint8Array(size));
    } catch (error) {
      if (!/os error 28\b/.test((error as Error).message)) throw error;
      size = Math.floor(size / 2);
    }
  }
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
