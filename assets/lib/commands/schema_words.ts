/** Checks of a JSON Schema without the service: wrong type words, and what its strict mode refuses. Pure. */

const TYPES = [
  ...["string", "number", "integer", "boolean", "object", "array", "null"],
];
/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const ONE = ["items", "additionalProperties", "not"];
const LIST = ["anyOf", "oneOf", "allOf", "prefixItems"];
const NAMED = ["properties", "$defs", "definitions", "patternProperties"];

type Schema = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every schema inside `schema`, itself first, each with its path. */
function* within(schema: unknown, path: string): Generator<[string, Schema]> {
  if (!isSchema(schema)) return;
  yield [path, schema];
  for (const key of ONE) yield* within(schema[key], `${path}.${key}`);
  for (const key of LIST) {
    const list = schema[key];
    if (!Array.isArray(list)) continue;
    for (const [at, each] of list.entries()) {
      yield* within(each, `${path}.${key}[${at}]`);
    }
  }
  for (const key of NAMED) {
    const named = schema[key];
    if (!isSchema(named)) continue;
    for (const [name, each] of Object.entries(named)) {
      yield* within(each, `${path}.${key}.${name}`);
    }
  }
}

/** A type that no JSON Schema knows, as the end of a sentence; null where all are known. */
export function wrongType(schema: unknown): string | null {
  for (const [path, { type }] of within(schema, "$")) {
    const words = Array.isArray(type) ? type : type === undefined ? [] : [type];
    const wrong = words.find((word) => !TYPES.includes(word));
    if (wrong !== undefined) {
      return `has the type ${
        JSON.stringify(wrong)
      } at ${path}, which is none of ${TYPES.join(", ")}`;
    }
  }
  return null;
}

/**
 * What OpenAI's service refuses, as the end of a sentence: an object that is open to other
 * properties, or that does not require each of its own. Null where nothing is.
 */
export function notStrict(schema: unknown): string | null {
  for (const [path, each] of within(schema, "$")) {
    if (each.type !== "object" && each.properties === undefined) continue;
    if (each.additionalProperties !== false) {
      return `lacks "additionalProperties": false at ${path}`;
    }
    const required = Array.isArray(each.required) ? each.required : [];
    const names = isSchema(each.properties) ? Object.keys(each.properties) : [];
    const missing = names.find((name) => !required.includes(name));
    if (missing !== undefined) {
      return `does not list ${
        JSON.stringify(missing)
      } among "required" at ${path}`;
    }
  }
  return null;
}
