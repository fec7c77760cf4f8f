import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ERROR_CODES,
  type ErrorCode,
} from "../../assets/lib/domain/error_codes.ts";
import { EMPTY_SUMMARY } from "../../assets/lib/events/summary.ts";
import { inspectTurn } from "../../assets/lib/turns/inspect.ts";
import {
  readResult,
  recoveredResult,
  writeResult,
} from "../../assets/lib/turns/result.ts";
import { json, text } from "../arbitrary.ts";
import { makeTurn, withHome } from "./state_home.ts";

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

Deno.test(
  "a result is read as it was written",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    const error = fc.option(
      fc.record({ code: fc.constantFrom(...CODES), message: text, hint: text }),
      { nil: undefined },
    );
    const status = fc.constantFrom<"complete" | "failed" | "cancelled">(
      ...["complete", "failed", "cancelled"] as const,
    );
    fc.assert(
      fc.property(text, status, error, (said, status, error) => {
        const summary = { ...EMPTY_SUMMARY, text: said };
        const result = recoveredResult(turnId, status, summary, error);
        writeResult(paths, result);
        assertEquals(readResult(paths), result);
      }),
      { numRuns: 200 },
    );
  }),
);

Deno.test(
  "whatever stands in result.json, it is a result with a status or none, and the turn can be looked at",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    Deno.writeTextFileSync(paths.error, "");
    const content = fc.oneof(
      text,
      json.map((value) => JSON.stringify(value)),
      json.map((status) => JSON.stringify({ status })),
    );
    fc.assert(
      fc.property(content, (content) => {
        Deno.writeTextFileSync(paths.result, content);
        const result = readResult(paths);
        if (result) assertEquals(typeof result.status, "string");
        const cancelled = result?.status === "cancelled";
        assertEquals(
          inspectTurn(turnId).state,
          cancelled ? "cancelled" : "failed",
        );
      }),
      { numRuns: 300 },
    );
  }),
);
