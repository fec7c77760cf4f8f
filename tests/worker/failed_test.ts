import { assertEquals, assertMatch } from "@std/assert";
import { machineTrouble, withCommand } from "../../assets/lib/worker/failed.ts";

Deno.test("review A27: what the machine refuses a worker is told in words, with a hint that fits", () => {
  const cases: [
    thrown: unknown,
    code: string,
    message: string,
    hint: RegExp,
  ][] = [
    [
      new Error("No space left on device (os error 28): write '/t/out.txt'"),
      "disk_full",
      "/t/out.txt cannot be used: No space left on device",
      /free some space/,
    ],
    [
      new Error("Too many open files (os error 24): open '/t/x'"),
      "internal",
      "/t/x cannot be opened: Too many open files",
      /ulimit/,
    ],
    [
      new TypeError("x is not a function"),
      "internal",
      "x is not a function",
      /worker\.log/,
    ],
  ];
  for (const [thrown, code, message, hint] of cases) {
    const error = machineTrouble(thrown);
    assertEquals([error.code, error.message], [code, message]);
    assertMatch(error.hint, hint);
  }
});

Deno.test("newcomer C3: a hint to continue the thread holds the whole command, where there is a thread", () => {
  const error = {
    code: "stalled" as const,
    message: "m",
    hint: "wait a little and continue the thread",
  };
  assertEquals(
    withCommand(error, "t-1").hint,
    "wait a little and continue the thread with: ~/.codex-server/bin/codex-server continue --thread t-1",
  );
  assertEquals(
    withCommand(error, null).hint,
    "wait a little and start it again",
  );
});
