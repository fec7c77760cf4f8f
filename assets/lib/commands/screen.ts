/**
 * What a follower shows of a turn: its text on stdout, raw for programs and harmless on a
 * terminal; on a terminal also one line of stderr, rewritten in place, that says what the
 * turn does while no text comes.
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

/** How long no text must have come before the status line is shown, in ms. */
const QUIET_MS = 1000;
/** Shortest silence that is reported, in seconds. */
const SILENT_S = 10;
const NEWLINE = 0x0a;

/** A turn that is followed, on the streams of one call. */
export class Screen implements Disposable {
  #show = shownPieces();
  /** Length of the visible status line, or of the pinned one. */
  #status = 0;
  /** Replaces the status line: a question, with the cursor after it. */
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

  /** Keeps a line at the end; null removes it. */
  pin(line: string | null): void {
    this.clear();
    this.#pinned = line;
    this.#showPinned();
  }

  /** The user has ended the pinned line with a newline: it remains in place. */
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

  /** Removes the status line before the next output. */
  clear(): void {
    if (this.#status === 0) return;
    // Without an escape sequence: every terminal can do that.
    this.streams.stderr(`\r${" ".repeat(this.#status)}\r`);
    this.#status = 0;
  }

  /** The shell's prompt must not follow the turn's last word; a pipe gets the turn's bytes alone. */
  endLine(): void {
    this.clear();
    if (this.atLineStart || !stdoutIsTerminal()) return;
    this.streams.stdout("\n");
    this.atLineStart = true;
  }

  /** Nor must the next line of stderr. */
  endLineForStderr(): void {
    this.endLine();
    if (!this.atLineStart) this.streams.stderr("\n");
    this.atLineStart = true;
  }

  #tick(): void {
    if (this.#pinned !== null) return;
    // In the middle of a line there is no room, and text is still coming.
    if (!this.atLineStart || monotonicMs() - this.#lastText < QUIET_MS) return;
    const line = statusLine(this.turnId);
    this.clear();
    if (line === null) return;
    this.streams.stderr(line);
    this.#status = line.length;
  }

  /** The turn is over or left: no more status line. */
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
