/**
 * Answering in place: a user who follows a turn on a terminal sees codex's requests and
 * answers with a line. Another's answer, or the deadline, removes it.
 */
import type { Invocation } from "../cli/command.ts";
import type { PendingRequest } from "../events/request.ts";
import { terminalLine } from "../render/one_line.ts";
import { patchOf } from "../render/patch.ts";
import { placeQuestion, typedReply } from "../render/place_question.ts";
import {
  stdinIsTerminal,
  stdinLines,
  stdoutIsTerminal,
} from "../system/stdio.ts";
import { askWorker } from "../turns/control.ts";
import { readPending } from "../turns/pending.ts";
import { pathsOf } from "../turns/store.ts";
import { printPatch } from "./diff.ts";
import type { Screen } from "./screen.ts";

/** How long the worker may take to answer, in ms. */
const PATIENCE_MS = 30_000;

/** Shows the oldest pending request, one at a time. */
export class InPlace {
  #shown: PendingRequest | null = null;
  /** An answer is being sent. */
  #busy = false;
  #open: boolean;

  constructor(
    private readonly turnId: string,
    private readonly screen: Screen,
    private readonly streams: Pick<Invocation, "stdout" | "stderr">,
  ) {
    this.#open = stdinIsTerminal() && stdoutIsTerminal();
    if (this.#open) this.#listen();
  }

  /** Checks what is pending; shows or removes the question. */
  look(): void {
    if (!this.#open || this.#busy) return;
    const request = readPending(pathsOf(this.turnId))
      .find((waiting) => placeQuestion(waiting) !== null);
    if (request?.id === this.#shown?.id) return;
    this.#shown = request ?? null;
    this.screen.pin(request ? placeQuestion(request) : null);
  }

  /** The turn is over, or is left. */
  end(): void {
    this.#open = false;
    this.screen.pin(null);
  }

  async #listen(): Promise<void> {
    for await (const line of stdinLines()) {
      if (!this.#open) return;
      if (this.#shown) await this.#typed(this.#shown, line);
    }
    this.end(); // stdin has ended
  }

  async #typed(request: PendingRequest, line: string): Promise<void> {
    this.screen.pinTaken();
    const typed = typedReply(request, line);
    if (typed.kind === "show" && request.kind === "files") {
      printPatch(patchOf(request.changes, request.cwd ?? null), this.streams);
    } else if (typed.kind === "answer") {
      this.#busy = true;
      const outcome = await askWorker(this.turnId, pathsOf(this.turnId), {
        kind: "answer",
        request_id: request.id,
        answer: typed.answer,
      }, { timeoutMs: PATIENCE_MS });
      this.#busy = false;
      // The turn itself reports the answer, on its next line.
      const told = outcome.kind === "replied"
        ? outcome.reply.ok ? null : outcome.reply.message
        : `${request.id} was not answered: the worker did not take it`;
      if (told !== null) this.streams.stderr(`${terminalLine(told)}\n`);
    }
    this.#shown = null; // shown again if it waits
    this.look();
  }
}
