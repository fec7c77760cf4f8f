import { assertEquals, assertThrows } from "@std/assert";
import { quantile, summarize } from "./statistics.ts";

Deno.test("summarize() gives median, p90 and the ends, whatever the order", () => {
  assertEquals(summarize([30, 10, 20, 40, 50]), {
    count: 5,
    median: 30,
    p90: 46,
    min: 10,
    max: 50,
  });
});

Deno.test("quantile() of an even count lies between the two in the middle", () => {
  assertEquals(quantile([1, 2, 3, 10], 0.5), 2.5);
});

Deno.test("summarize() throws when nothing was measured", () => {
  assertThrows(() => summarize([]), RangeError, "Nothing was measured");
});
