/** `deno task references`: writes the parts of the references that are made from the source. */
import { writeBlock } from "../marked_block.ts";
import { commandTable, turnTable } from "./error_tables.ts";

const ERRORS = "references/error-handling.md";
await writeBlock(ERRORS, "command-errors", commandTable());
await writeBlock(ERRORS, "turn-errors", turnTable());
