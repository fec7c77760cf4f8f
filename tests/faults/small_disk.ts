/** A disk of its own for a lab's `~/.codex-server`, small enough to be filled. */
import { join } from "@std/path";
import type { Lab } from "../lab.ts";

export interface SmallDisk extends Disposable {
  /** Takes all space that is left but `bytes`. */
  fill(bytes?: number): void;
  /** Gives the space back. */
  free(): void;
  /** How many more files fit. */
  inodesLeft(): number;
}

export interface SmallDiskOptions {
  /** In KiB. */
  size?: number;
  /** How many files fit. */
  inodes?: number;
}

/** Mounts the disk over the lab's `~/.codex-server`, whose files move onto it. */
export function smallDisk(
  lab: Lab,
  { size = 512, inodes = 10_000 }: SmallDiskOptions = {},
): SmallDisk {
  const root = join(lab.home.home, ".codex-server");
  const ballast = join(lab.home.home, ".codex-server/ballast");
  const config = Deno.readTextFileSync(join(root, "config.json"));
  run("mount", [
    "-t",
    "tmpfs",
    "-o",
    `size=${size}k,nr_inodes=${inodes},mode=700,uid=${Deno.uid()}`,
    "none",
    root,
  ]);
  Deno.writeTextFileSync(join(root, "config.json"), config, { mode: 0o600 });
  const free = () => {
    try {
      Deno.removeSync(ballast);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  return {
    fill(bytes = 0) {
      free();
      using file = Deno.openSync(ballast, { write: true, create: true });
      const block = new Uint8Array(1024);
      let written = 0;
      try {
        while (true) written += file.writeSync(block);
      } catch (error) {
        if (!/os error 28\b/.test((error as Error).message)) throw error;
      }
      if (bytes > 0) file.truncateSync(Math.max(0, written - bytes));
    },
    free,
    inodesLeft: () => Number(run("stat", ["-f", "-c", "%d", root]).trim()),
    [Symbol.dispose]() {
      // Lazily: a process that is just ending may have a file open.
      run("umount", ["-l", root]);
    },
  };
}

function run(program: string, args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, { args })
    .outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${program}: ${text(stderr)}`);
  return text(stdout);
}
