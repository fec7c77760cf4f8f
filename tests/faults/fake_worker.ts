/**
 * The end of a worker, as fast as a program can go: it takes a turn's lock, and on a word
 * writes its last bytes, sets its marker and lets go. As a program it takes one order a line
 * on stdin and answers each with a line.
 */
import { type HeldLock, takeLock } from "../../assets/lib/system/lock.ts";
import { type TurnPaths, turnPaths } from "../../assets/lib/turns/layout.ts";
import { setMarker } from "../../assets/lib/turns/markers.ts";
import { LineSplitter } from "../../assets/lib/events/jsonl.ts";

/** What a fake worker is told: to take a turn, or to end it. */
type Order =
  | { take: string }
  /** Without a marker it ends like one that was killed. */
  | { last: string; marker: "done" | "error" | null };

/** A fake worker of another process. */
export interface FakeWorker extends AsyncDisposable {
  /** Takes the lock of the turn in `dir`. */
  take(dir: string): Promise<void>;
  /** Writes `last` to the end of out.txt, sets the marker and lets go. */
  end(last: string, marker: "done" | "error" | null): Promise<void>;
}

/** Starts one; it ends when it is disposed of. */
export function startFakeWorker(): FakeWorker {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-qA", "--no-check", import.meta.filename!],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const answers = child.stdout.getReader();
  const order = async (order: Order) => {
    await writer.write(new TextEncoder().encode(JSON.stringify(order) + "\n"));
    if ((await answers.read()).done) throw new Error("The worker has ended");
  };
  return {
    take: (dir) => order({ take: dir }),
    end: (last, marker) => order({ last, marker }),
    async [Symbol.asyncDispose]() {
      await writer.close();
      await answers.cancel();
      await child.status;
    },
  };
}

async function obey(): Promise<void> {
  const lines = new LineSplitter();
  let held: { paths: TurnPaths; lock: HeldLock } | null = null;
  const text = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const piece of text) {
    for (const line of lines.push(piece)) {
      const order: Order = JSON.parse(line);
      if ("take" in order) {
        const paths = turnPaths(order.take);
        held = { paths, lock: await takeLock(paths.lock) };
      } else if (held) {
        Deno.writeTextFileSync(held.paths.out, order.last, { append: true });
        if (order.marker) setMarker(held.paths, order.marker);
        held.lock.release();
      }
      Deno.stdout.writeSync(new TextEncoder().encode("."));
    }
  }
}

if (import.meta.main) await obey();
