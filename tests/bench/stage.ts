/** Where the bench plays: a lab that was really set up, its launcher, and a stopwatch. */

import { join } from "@std/path";
import { type Lab, openLab, ROOT } from "../lab.ts";

/** A lab with an installed library and launcher. */
export interface Stage extends AsyncDisposable {
  lab: Lab;
  launcher: string;
  /** Runs a program in the lab's repository to its end. */
  run(command: string, args: string[], stdin?: string): Promise<Run>;
}

/** One timed run. */
export interface Run {
  /** When it was started and when it had ended, by `performance.now()`. */
  started: number;
  ended: number;
  stdout: string;
}

/** Sets a stage. */
export async function openStage(): Promise<Stage> {
  const lab = await openLab();
  const launcher = join(lab.home.home, ".codex-server/bin/codex-server");
  const run = async (command: string, args: string[], stdin?: string) => {
    const started = performance.now();
    const child = new Deno.Command(command, {
      args,
      cwd: lab.repo,
      clearEnv: true,
      env: lab.env,
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(stdin));
      await writer.close();
    }
    const { success, stdout, stderr } = await child.output();
    const ended = performance.now();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) {
      throw new Error(
        `Cannot run ${command} ${args.join(" ")}: ${text(stderr)}`,
      );
    }
    return { started, ended, stdout: text(stdout) };
  };
  await run(Deno.execPath(), [
    "run",
    "-qA",
    join(ROOT, "assets/lib/setup.ts"),
    "--codex",
    lab.codex,
  ]);
  return {
    lab,
    launcher,
    run,
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}

/** How long a run took, in ms. */
export const elapsed = ({ started, ended }: Run): number => ended - started;

/** From the first start to the last end, in ms. */
export const makespan = (runs: readonly Run[]): number =>
  Math.max(...runs.map(({ ended }) => ended)) -
  Math.min(...runs.map(({ started }) => started));

/** Waits for a marker of the turn in `dir`, and returns when it was seen, by `performance.now()`. */
export async function markerSeen(dir: string): Promise<number> {
  using watcher = Deno.watchFs(dir, { recursive: false });
  const marker = () =>
    ["done", "error"].find((name) => exists(join(dir, name)));
  if (!marker()) {
    for await (const _event of watcher) if (marker()) break;
  }
  const seen = performance.now();
  if (marker() === "error") {
    throw new Error(
      `A turn failed: ${Deno.readTextFileSync(join(dir, "result.json"))}`,
    );
  }
  return seen;
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
