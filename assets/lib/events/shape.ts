/** Whether a value from outside has the expected shape. */

/** Whether an object has a shape. */
export type Check = (value: Record<string, unknown>) => boolean;

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};

/** These fields exist, as strings. */
export function has(...names: string[]): (value: unknown) => boolean {
  return (value) =>
    names.every((name) => typeof fieldsOf(value)[name] === "string");
}

/** These fields are strings where they exist. */
export function mayHave(...names: string[]): (value: unknown) => boolean {
  return (value) =>
    names.every((name) => {
      const field = fieldsOf(value)[name] ?? "";
      return typeof field === "string";
    });
}

/** Both checks pass. */
export const both = (one: Check, other: Check): Check => (value) =>
  one(value) && other(value);

/** A list, each of whose values fits. */
export const each = (
  values: unknown,
  fits: (value: unknown) => boolean,
): boolean => Array.isArray(values) && values.every(fits);
