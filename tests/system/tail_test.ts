import { assertEquals } from "@std/assert";
import { Tail } from "../../assets/lib/system/tail.ts";

Deno.test("a tail is what was written last, at most 8 KB and whole characters of it", async () => {
  const of = (...pieces: string[]) =>
    new Tail(ReadableStream.from(pieces)).text();
  assertEquals(await of(), "");
  assertEquals(await of("one\n", "two\n"), "one\ntwo");
  assertEquals(await of("lost", "x".repeat(8192)), "x".repeat(8192));
  // 8192 bytes begin in the middle of a character, and its half is no character.
  assertEquals(await of("✓".repeat(3000), "e"), `${"✓".repeat(2730)}e`);
  assertEquals(await of("😀".repeat(5000), "e"), `${"😀".repeat(2047)}e`);
});

Deno.test("a tail does not wait for whoever else holds the stream open, nor fail with it", async () => {
  let feed!: ReadableStreamDefaultController<string>;
  const stream = new ReadableStream<string>({
    start: (controller) => {
      feed = controller;
    },
  });
  const tail = new Tail(stream);
  feed.enqueue("last words");
  assertEquals(await tail.text(), "last words");
  feed.error(new Error("The pipe broke"));
  assertEquals(await tail.text(), "last words");
});
