/** A document that fits a JSON schema, as far as structured output uses schemas. */

import { items, type Json, object } from "./model_request.ts";

/** The smallest document that fits `schema`; free strings are `text`. */
export function documentFor(schema: Json, text: string): unknown {
  return fit(schema, schema, text);
}

function fit(schema: Json, root: Json, text: string): unknown {
  if (typeof schema.$ref === "string") {
    return fit(resolve(schema.$ref, root), root, text);
  }
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choice = items(schema.anyOf ?? schema.oneOf)[0];
  if (choice !== undefined) return fit(choice, root, text);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  switch (types.find((type) => type !== "null")) {
    case "string":
      return text;
    case "number":
    case "integer":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "array":
      return Array.from(
        { length: Number(schema.minItems ?? 1) },
        () => fit(object(schema.items) ?? {}, root, text),
      );
    case "object":
    case undefined: {
      const properties = Object.entries(object(schema.properties) ?? {});
      return Object.fromEntries(
        properties.map(([name, inner]) => [
          name,
          fit(object(inner) ?? {}, root, text),
        ]),
      );
    }
    default:
      return null;
  }
}

function resolve(reference: string, root: Json): Json {
  let place: unknown = root;
  for (const key of reference.replace(/^#\/?/, "").split("/")) {
    if (key !== "") place = object(place)?.[key];
  }
  return object(place) ?? {};
}
