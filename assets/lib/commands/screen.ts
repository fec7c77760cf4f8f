/**
 * What a follower shows of a turn: its text on stdout, raw for programs and harmless on a
 * terminal; on a terminal also one line of stderr, written over and over, that says what
 * the turn does while nothing comes.
 */
import type { Invocation } from "../cli/command.ts";
import { shortId } from "../render/in_words.ts";
import { took } from "../render/took.ts";
import { monotonicMs, wallMs } from "../system/clock.ts";
import { stderrIsTerminal, stdoutIsTerminal } from "../system/stdio.ts";
import { inspectTurn } from "../turns/inspect.ts";
import { turnIdTime } from "../turns/turn_id.ts";
import { whenDetached } from "./detach.ts";
import { progressOf } from "./progress.ts";
import { shownPieces } from "./shown.ts";

/** How long nothing must have come before it is said what the turn does, in ms. */
const QUIET_MS = 1000;
/** Silence of the turn is told from here on, in seconds. */
const SILENT_S = 10;
const NEWLINE = 0x0a;

/** A turn that is followed, on the streams of one call. */
export class Screen implements Disposable {
  #show = shownPieces();
  /** How many characters of the status line, or of the pinned one, stand there. */
  #status = 0;
  /** Stands in the place of the status line: a question, with the cursor behind it. */
  #pinned: string | null = null;
  #lastText = monotonicMs();
  #ticker: ReturnType<typeof setInterval> | null = null;
  #detach: Disposable;
  /** The text on stdout ends with a newline, or there is none. */
  atLineStart = true;

  constructor(
    private readonly turnId: string,
    private readonly streams: Pick<Invocation, "stdout" | "stderr">,
  ) {
    if (stderrIsTerminal()) {
      this.#ticker = setInterval(() => this.#tick(), QUIET_MS);
    }
    this.#detach = whenDetached([turnId], streams, () => this.clear());
  }

  /** Shows a piece of the turn's text. */
  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.clear();
    this.streams.stdout(this.#show(bytes));
    this.atLineStart = bytes.at(-1) === NEWLINE;
    this.#lastText = monotonicMs();
    this.#showPinned();
  }

  /** Keeps a line at the end; null takes it away. */
  pin(line: string | null): void {
    this.clear();
    this.#pinned = line;
    this.#showPinned();
  }

  /** Somebody has ended the pinned line with a newline: it stays where it is. */
  pinTaken(): void {
    this.#pinned = null;
    this.#status = 0;
    this.atLineStart = true;
  }

  #showPinned(): void {
    if (this.#pinned === null || !this.atLineStart) return;
    this.streams.stderr(this.#pinned);
    this.#status = this.#pinned.length;
  }

  /** Takes the status line away, for whatever comes next. */
  clear(): void {
    if (this.#status === 0) return;
    // Without an escape sequence: every terminal can do that.
    this.streams.stderr(`\r${" ".repeat(this.#status)}\r`);
    this.#status = 0;
  }

  /** The prompt of the shell must not stand behind the turn's last word; into a pipe its bytes go alone. */
  endLine(): void {
    this.clear();
    if (this.atLineStart || !stdoutIsTerminal()) return;
    this.streams.stdout("\n");
    this.atLineStart = true;
  }

  /** Nor must what stderr is told next. */
  endLineForStderr(): void {
    this.endLine();
    if (!this.atLineStart) this.streams.stderr("\n");
    this.atLineStart = true;
  }

  #tick(): void {
    // In the middle of a line there is no room, and text is still coming.
    if (this.#pinned !== null) return;
    if (!this.atLineStart || monotonicMs() - this.#lastText < QUIET_MS) return;
    const line = statusLine(this.turnId);
    this.clear();
    if (line === null) return;
    this.streams.stderr(line);
    this.#status = line.length;
  }

  /** The turn is over, or is left: no status line any more. */
  leave(): void {
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
    this.#detach[Symbol.dispose]();
    this.endLine();
  }

  [Symbol.dispose](): void {
    this.leave();
  }
}

/** For example `6d03171f running a command · 1 min 12 s`; null once it is over. */
function statusLine(turnId: string): string | null {
  const inspection = inspectTurn(turnId);
  if (inspection.state !== "running") return null;
  const { phase, seconds_since_event: silent } = progressOf(turnId, inspection);
  return [
    `${shortId(turnId)} ${phase}`,
    took(wallMs() - turnIdTime(turnId)),
    ...(silent >= SILENT_S
      ? [`last sign of life ${took(silent * 1000)} ago`]
      : []),
  ].join(" · ");
}
