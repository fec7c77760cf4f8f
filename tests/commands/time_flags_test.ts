/** What the flags mean that take a time: for the caller, for the turn, at 0 and beyond every timer. */
import { assertEquals, assertMatch } from "@std/assert";
import { openLab, until } from "../lab.ts";

/** 0, and more milliseconds than a timer of 32 bits holds, and far more. */
const TIMES = ["0", "2147484", "277777h"];

Deno.test("newcomer A5: --timeout with --wait or --follow ends the waiting, not the turn", async () => {
  await using lab = await openLab();
  for (const stay of ["--wait", "--follow"]) {
    const prompt = "play text words=99 over=60000";
    const ran = await lab.chat(["new", stay, "--timeout", "1", prompt]);
    assertEquals(ran.code, 4, ran.stderr);
    const turnId = lab.turnIds().at(-1)!;
    assertMatch(
      ran.stderr,
      new RegExp(`is still running .*wait ${turnId.slice(-8)}`),
    );
    assertEquals((await lab.json("status", turnId)).state, "running");
  }
  const alone = await lab.chat(["new", "--timeout", "1", "hello"]);
  assertEquals(alone.code, 2);
  assertMatch(alone.stderr, /--max-time/);
  assertEquals(lab.turnIds().length, 2);
});

Deno.test("C4 review A1: times of 0 and beyond 2^31 ms end nothing at once", async () => {
  await using lab = await openLab();
  const flags = ["--max-time", "--idle-timeout", "--approval-timeout"];
  for (const time of TIMES) {
    const all = flags.flatMap((flag) => [flag, time]);
    all.push("--approvals", "ask");
    const waiting = ["--wait", "--timeout", time];
    const ran = await lab.chat([
      ...["new", ...all, ...waiting, "play text words=3 over=1500"],
    ]);
    assertEquals([time, ran.code, ran.stderr.includes("stopped")], [
      ...[time, 0, false],
    ]);
  }
});

Deno.test("C4 review A1, S11: an approval that may take for ever, or longer than a timer keeps, is not declined at once", async () => {
  await using lab = await openLab();
  for (const time of TIMES) {
    const turnId = await lab.start(
      "play command cmd=echo%20asked",
      ...["--approvals", "untrusted", "--write", "--approval-timeout", time],
    );
    const pending = async () => (await lab.json("status", turnId)).pending;
    await until(async () => (await pending()) !== undefined, "a request");
    const [{ id, expires_at }] = await pending();
    assertEquals([time, expires_at === null], [time, time === "0"]);
    assertEquals((await lab.chat(["approve", turnId, id])).code, 0);
    assertEquals((await lab.chat(["wait", turnId])).code, 0);
  }
});
