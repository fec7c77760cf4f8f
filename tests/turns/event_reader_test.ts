import { assertEquals } from "@std/assert";
import { EventReader } from "../../assets/lib/turns/event_reader.ts";

/** Reads a file that grows by `pieces`; what each look gave, as `number type`. */
function look(...pieces: (string | Uint8Array)[]): string[][] {
  const path = Deno.makeTempFileSync();
  try {
    using reader = new EventReader(path);
    return pieces.map((piece) => {
      const bytes = typeof piece === "string"
        ? new TextEncoder().encode(piece)
        : piece;
      Deno.writeFileSync(path, bytes, { append: true });
      const seen: string[] = [];
      reader.drain(({ number, event }) => seen.push(`${number} ${event.type}`));
      return seen;
    });
  } finally {
    Deno.removeSync(path);
  }
}

const line = (type: string) => `{"type":"${type}"}\n`;

Deno.test("each look gives what was added since the last one, numbered from 1", () => {
  assertEquals(look(line("a") + line("b"), "", line("c")), [
    ["1 a", "2 b"],
    [],
    ["3 c"],
  ]);
});

Deno.test("a line without its end waits for it", () => {
  assertEquals(look(line("a") + '{"ty', 'pe":"b"', "}\n"), [
    ["1 a"],
    [],
    ["2 b"],
  ]);
});

Deno.test("a line that is no event keeps its number to itself", () => {
  assertEquals(look(`${line("a")}not json\n[1]\n\n${line("b")}`), [
    ["1 a", "5 b"],
  ]);
});

Deno.test("a character that was cut between two looks is put together", () => {
  const bytes = new TextEncoder().encode('{"type":"ü"}\n');
  assertEquals(look(bytes.subarray(0, 10), bytes.subarray(10)), [[], ["1 ü"]]);
});
