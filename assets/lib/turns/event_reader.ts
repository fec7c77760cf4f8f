/** Reading a turn's events as they are written, each with its number. */
import { LineSplitter, parseEventLine } from "../events/jsonl.ts";
import type { StoredEvent } from "../events/thread_event.ts";
import { FileFollower } from "./follow.ts";

/** An event and which line of events.jsonl it is, from 1. */
export interface NumberedEvent {
  number: number;
  event: StoredEvent;
}

/** Gives the events that were added since the last look, one by one; a line without its end waits. */
export class EventReader implements Disposable {
  #follower: FileFollower;
  #decoder = new TextDecoder();
  #splitter = new LineSplitter();
  #number = 0;

  constructor(path: string) {
    this.#follower = new FileFollower(path);
  }

  /** Hands each new event to `take`; never holds more than a piece of the file. */
  drain(take: (numbered: NumberedEvent) => void): void {
    this.#follower.drain((bytes) => {
      for (
        const line of this.#splitter.push(
          this.#decoder.decode(bytes, { stream: true }),
        )
      ) {
        this.#number++;
        const event = parseEventLine(line);
        if (event) take({ number: this.#number, event });
      }
    });
  }

  [Symbol.dispose](): void {
    this.#follower[Symbol.dispose]();
  }
}
