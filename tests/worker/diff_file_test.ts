import { assertEquals } from "@std/assert";
import { DiffFile } from "../../assets/lib/worker/diff_file.ts";
import { until } from "../lab.ts";

Deno.test("review A26: diff.patch is written at once, then at most once a second, and at the end", async () => {
  const path = `${Deno.makeTempDirSync()}/diff.patch`;
  const read = () => Deno.readTextFileSync(path);
  {
    using diff = new DiffFile(path);
    diff.note("one");
    assertEquals(read(), "one");
    diff.note("two");
    diff.note("three");
    assertEquals(read(), "one");
    await until(() => read() === "three", "the latest, without another event");
    diff.note("four");
  }
  assertEquals(read(), "four");
});
