import { assertEquals } from "@std/assert";
import { table } from "../../assets/lib/render/table.ts";

Deno.test("columns are as wide as their widest cell, and a cell never breaks the line", () => {
  assertEquals(
    table([["id", "state"], ["1\n2", "x"], ["long one"]]),
    "id        state\n1 2       x\nlong one\n",
  );
  assertEquals(table([]), "");
});
