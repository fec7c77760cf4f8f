/** Turns made by hand for readers: one that runs as far as anybody can see, its worker a program of the test. */
import { tryTakeLock } from "../../assets/lib/system/lock.ts";
import { type TurnPaths, turnPaths } from "../../assets/lib/turns/layout.ts";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";

/** A turn directory. */
export interface MadeTurn {
  turnId: string;
  paths: TurnPaths;
}

/** A turn whose lock this process holds. */
export interface HeldTurn extends MadeTurn, Disposable {
  /** Adds to out.txt. */
  write(bytes: string | Uint8Array): void;
  /** Sets the marker. */
  end(marker: "done" | "error"): void;
}

/** The least that a meta.json says. */
export const metaText = (turnId: string, cwd: string): string =>
  JSON.stringify({
    schema_version: 1,
    turn_id: turnId,
    thread_id: null,
    started_at: new Date().toISOString(),
    cwd,
    model: null,
    pid: Deno.pid,
    resumed_from: null,
  });

/** Makes a turn directory in `home`, with nothing written and nobody at work. */
export function makeTurnIn(
  home: string,
  turnId: string = newTurnId(Date.now()),
): MadeTurn {
  const paths = turnPaths(`${home}/.codex-server/turns/${turnId}`);
  Deno.mkdirSync(paths.control, { recursive: true, mode: 0o700 });
  for (
    const [path, text] of [
      [paths.prompt, "hello"],
      [paths.meta, metaText(turnId, home)],
      [paths.events, ""],
      [paths.out, ""],
    ] as const
  ) Deno.writeTextFileSync(path, text, { mode: 0o600 });
  return { turnId, paths };
}

/** Makes a turn that runs until it is disposed of. */
export function holdTurn(home: string): HeldTurn {
  const made = makeTurnIn(home);
  const lock = tryTakeLock(made.paths.lock)!;
  const encoder = new TextEncoder();
  const out = Deno.openSync(made.paths.out, { append: true });
  return {
    ...made,
    write: (bytes) => {
      out.writeSync(typeof bytes === "string" ? encoder.encode(bytes) : bytes);
    },
    end: (marker) => Deno.writeTextFileSync(made.paths[marker], ""),
    [Symbol.dispose]: () => {
      out.close();
      lock.release();
    },
  };
}
