import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../lab.ts";

const MODULE = JSON.stringify(join(ROOT, "assets/lib/system/stdio.ts"));

Deno.test("a line of stdin is told when it is whole, whatever pieces it comes in", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `const { stdinLines } = await import(${MODULE});
       for await (const line of stdinLines()) console.log(JSON.stringify(line));`,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const told = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const line = async () => (await told.read()).value;
  const [first, second] = [[0x61, 0xc3], [0xa9, 0x0a, 0x62]];
  await writer.write(Uint8Array.from([0x79, 0x0a, ...first!]));
  assertEquals(await line(), '"y"\n');
  await writer.write(Uint8Array.from(second!));
  assertEquals(await line(), '"aé"\n');
  await writer.close(); // behind a line that nobody ended
  assertEquals(await line(), undefined);
  assertEquals((await child.status).code, 0);
});
