/**
 * Loaded before a program (`--preload`): its wall clock is off by what the file
 * `clock-offset` in its home says, in ms, from the moment that the file is there. Nothing
 * else moves, as when the clock of a machine is set.
 */
const path = `${Deno.env.get("HOME")}/clock-offset`;
const RealDate = Date;
const realNow = Date.now;

function offsetMs(): number {
  try {
    return Number(Deno.readTextFileSync(path));
  } catch {
    return 0;
  }
}

globalThis.Date = class extends RealDate {
  constructor(...given: [] | [value: number | string | Date]) {
    super(given.length === 0 ? Date.now() : given[0]!);
  }
  static override now = (): number => realNow() + offsetMs();
} as DateConstructor;
