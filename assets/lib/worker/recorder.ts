/** Writes a turn's events into its files as they come. */
import {
  EMPTY_SUMMARY,
  summarize,
  type TurnSummary,
} from "../events/summary.ts";
import { jsonText } from "../events/json_text.ts";
import {
  isTerminal,
  isThreadEvent,
  type StoredEvent,
} from "../events/thread_event.ts";
import { steadyWallMs } from "../system/clock.ts";
import { writeText } from "../system/files.ts";
import { giveUpCopies } from "../system/memory.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { TurnMeta } from "../turns/meta.ts";
import {
  newText,
  renderEvent,
  renderNote,
  type TextState,
} from "../render/turn_text.ts";

/** Appends to events.jsonl and out.txt and keeps the summary of the events. */
export class Recorder implements Disposable {
  #events: Deno.FsFile;
  #out: Deno.FsFile;
  #text: TextState;
  summary: TurnSummary = EMPTY_SUMMARY;
  /** When the first text of the agent was written, ms since the epoch. */
  firstTextAt: number | null = null;
  /** Codex's completion event; written to out.txt by `complete`. */
  #completed: StoredEvent | null = null;

  constructor(
    { turn_id, cwd }: Pick<TurnMeta, "turn_id" | "cwd">,
    paths: TurnPaths,
  ) {
    this.#text = newText(turn_id, cwd);
    // Never created here: a turn directory that was deleted stays deleted.
    this.#events = Deno.openSync(paths.events, { append: true });
    this.#out = Deno.openSync(paths.out, { append: true });
  }

  /**
   * Records one event: first the event, then its text. The one that ends the turn is
   * written when all text before it is on the disk, and is there itself on return: no
   * power loss can leave a complete turn without its answer.
   * @throws {Error} when the disk refuses
   */
  record(event: StoredEvent): void {
    if (isTerminal(event)) this.#out.syncDataSync();
    this.#keep(event);
    if (isTerminal(event)) this.#events.syncDataSync();
    this.summary = summarize(this.summary, event);
    // What codex completed can still fail: then out.txt must not say `[done]`.
    if (event.type === "turn.completed") this.#completed ??= event;
    else this.#write(event);
  }

  /** Writes to out.txt that the turn completed. */
  complete(): void {
    if (this.#completed) this.#write(this.#completed);
  }

  #write(event: StoredEvent): void {
    const [state, text] = renderEvent(this.#text, event);
    this.#text = state;
    if (text === "") return;
    writeText(this.#out, text);
    if (isAgentText(event)) this.firstTextAt ??= steadyWallMs();
  }

  /** Adds a tagged line of our own to out.txt. */
  note(tag: string, text: string): void {
    const [state, line] = renderNote(this.#text, tag, text);
    this.#text = state;
    writeText(this.#out, line);
  }

  /** Reports words that codex did not take after all; nothing follows the turn's last event. */
  tellLost(text: string, reason: string): void {
    if (this.summary.ended) {
      this.note("steer", `not taken (${reason}): ${text}`);
    } else this.record({ type: "turn.steer_refused", text, reason });
  }

  #keep(event: StoredEvent): void {
    const line = jsonText(event);
    writeText(this.#events, line, "\n");
    giveUpCopies(line);
  }

  [Symbol.dispose](): void {
    this.#events.close();
    this.#out.close();
  }
}

const isAgentText = (event: StoredEvent): boolean =>
  isThreadEvent(event) &&
  ((event.type === "item.delta" && event.kind === "agent_message") ||
    (event.type === "item.completed" && event.item.type === "agent_message"));
