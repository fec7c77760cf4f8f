/** Turn ids: UUIDv7 (RFC 9562), so that sorted by name is sorted by time. */

const PATTERN =
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether `text` is a turn id. Checked before any path is built from it. */
export const isTurnId = (text: string): boolean => PATTERN.test(text);

/** Where an id has its dashes; any other place takes a hexadecimal digit. */
const SHAPE = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/** Whether some id can begin or end with `text`. */
export function couldBePartOfId(text: string): boolean {
  const fits = (at: number) =>
    [...text].every((character, i) =>
      SHAPE[at + i] === "-" ? character === "-" : /^[0-9a-f]$/.test(character)
    );
  return text !== "" && text.length <= SHAPE.length &&
    (fits(0) || fits(SHAPE.length - text.length));
}

let lastMs = 0;
let counter = 0;

/**
 * A new id for the time `now` (ms since the epoch). Ids made in one process ascend even
 * within a millisecond: the 12 bits after the version count up from a random start.
 */
export function newTurnId(now: number): string {
  if (now > lastMs) {
    lastMs = now;
    counter = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const sequence = counter.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${
    tail.slice(0, 4)
  }-${tail.slice(4)}`;
}

/** When the turn of this id was made, in ms since the epoch. */
export const turnIdTime = (turnId: string): number =>
  parseInt(turnId.slice(0, 8) + turnId.slice(9, 13), 16);
