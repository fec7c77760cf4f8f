/** JSON documents as commands print them. */
import { jsonText } from "../events/json_text.ts";
import { SCHEMA_VERSION } from "../version.ts";

/** One document on one line, with the version of its schema, harmless on a terminal. */
export const documentLine = (fields: Record<string, unknown>): string =>
  jsonText({ schema_version: SCHEMA_VERSION, ...fields }) + "\n";
