/**
 * What codex writes to the SDK, line by line. The SDK starts codex and sees how it ends;
 * its output is read here, as the SDK keeps all of stderr and any line, however long.
 */
import {
  LineSplitter,
  LineTooLong,
  MAX_LINE,
  parseEventLine,
} from "../events/jsonl.ts";
import { sleep } from "../system/clock.ts";
import type { Guardian } from "../system/guardian.ts";
import { childStartedBy, takeOver } from "../system/hidden_child.ts";
import { giveUpCopies } from "../system/memory.ts";
import { Tail } from "../system/tail.ts";
import { lineTooLong, outputClosed } from "./engine.ts";

/** How long codex may live on once it has closed its output, in ms. */
const ALONE_MS = 2000;

/** The part of the SDK's internals that is wrapped: `CodexExec.run` yields stdout's lines. */
interface LineSource {
  run(args: Record<string, unknown>): AsyncIterable<string>;
}

/** What the lines are read with. */
export interface Fence {
  /** The schema in the turn directory: the SDK's own copy in the system's temp directory outlives a kill. */
  schemaPath: string | null;
  /** Ends codex when its output is no longer read. */
  guardian: Guardian;
  log: (line: string) => void;
}

/** Puts the fence around the line source of an SDK thread. */
export function fenceLines(thread: unknown, fence: Fence): void {
  const inside = thread as { _exec: LineSource };
  const source = inside._exec;
  const { schemaPath } = fence;
  inside._exec = {
    run: (args) =>
      onlyJson(
        source,
        schemaPath === null ? args : { ...args, outputSchemaFile: schemaPath },
        fence,
      ),
  };
}

/** The lines that are JSON; the others would end the turn inside the SDK and go to the log instead. */
async function* onlyJson(
  source: LineSource,
  args: Record<string, unknown>,
  { guardian, log }: Fence,
): AsyncGenerator<string> {
  const lines = source.run(args)[Symbol.asyncIterator]();
  const { returned: ended, child } = childStartedBy(() => lines.next());
  const exited = ended.then(() => true, () => true);
  const stderr = child && new Tail(takeOver(child.stderr));
  try {
    for await (const line of child ? linesOf(takeOver(child.stdout)) : []) {
      const isEvent = parseEventLine(line) !== null;
      giveUpCopies(line);
      if (isEvent) yield line;
      else if (line.trim() !== "") {
        log(`codex wrote a line that is not an event: ${line}`);
      }
    }
  } catch (error) {
    await guardian.stop();
    throw error instanceof LineTooLong ? lineTooLong() : error;
  }
  if (!(await Promise.race([exited, sleep(ALONE_MS).then(() => false)]))) {
    await guardian.stop();
    throw outputClosed();
  }
  try {
    await ended;
  } catch (error) {
    const said = await stderr?.text() ?? "";
    throw new Error(`${(error as Error).message.trim()} ${said}`.trim());
  }
}

/** The lines of a stream, the last one even without its end. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  const splitter = new LineSplitter(MAX_LINE);
  for await (const piece of text) {
    // Removed one by one, so that the line in use downstream is not held here as well.
    const lines = splitter.push(piece).reverse();
    for (let line; (line = lines.pop()) !== undefined;) yield line;
  }
  yield splitter.rest;
}
