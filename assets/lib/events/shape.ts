/** Whether a value that came from outside has the shape that is read of it. */

/** Whether an object has a shape. */
export type Check = (value: Record<string, unknown>) => boolean;

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};

/** These fields are there, and texts. */
export function has(...names: string[]): (value: unknown) => boolean {
  return (value) =>
    names.every((name) => typeof fieldsOf(value)[name] === "string");
}

/** These fields are texts where they are there. */
export function mayHave(...names: string[]): (value: unknown) => boolean {
  return (value) =>
    names.every((name) => {
      const field = fieldsOf(value)[name] ?? "";
      return typeof field === "string";
    });
}

/** Both checks hold. */
export const both = (one: Check, other: Check): Check => (value) =>
  one(value) && other(value);

/** A list, each of whose values fits. */
export const each = (
  values: unknown,
  fits: (value: unknown) => boolean,
): boolean => Array.isArray(values) && values.every(fits);
