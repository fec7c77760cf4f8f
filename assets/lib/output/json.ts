/** JSON documents as commands print them. */
import { jsonText } from "../events/json_text.ts";
import { SCHEMA_VERSION } from "../version.ts";

/** One document on one line, with the version of its schema, harmless on a terminal. */
export const documentLine = (fields: Record<string, unknown>): string =>
  jsonText({ schema_version: SCHEMA_VERSION, ...fields }) + "\n";

/**
 * A list as one document: the rows under `data`, with the cursor of the next page, and
 * under the name that they had before there were pages.
 */
export function listLine(
  name: string,
  rows: readonly object[],
  nextCursor: string | null,
): string {
  // Serialized once: a thousand rows are long.
  const data = jsonText(rows);
  return `{"schema_version":${SCHEMA_VERSION},"data":${data},"${name}":${data},"next_cursor":${
    jsonText(nextCursor)
  }}\n`;
}
