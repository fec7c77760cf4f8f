/** How long something took, in words. Pure. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** For example `0.4 s`, `12 s`, `4 min 38 s`, `1 h 2 min`. */
export function took(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return two(whole, MINUTE, "min", 1, "s");
  return two(whole, HOUR, "h", MINUTE, "min");
}

/** `value` in two units, the smaller one left out where it is 0. */
function two(
  value: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const rest = Math.floor((value % large) / small);
  const first = `${Math.floor(value / large)} ${largeName}`;
  return rest === 0 ? first : `${first} ${rest} ${smallName}`;
}
