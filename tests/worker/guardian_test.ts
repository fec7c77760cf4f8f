import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  NOTED_EXEC,
  notedExecEnv,
  startGuardian,
} from "../../assets/lib/system/guardian.ts";
import { processesOf, until } from "../lab.ts";

Deno.test("I1 a process that is told to end before it has noted itself is ended all the same", async () => {
  const dir = Deno.makeTempDirSync();
  try {
    const note = join(dir, "note");
    const guardian = startGuardian(note, "TERM");
    await guardian.stop();
    const child = new Deno.Command(NOTED_EXEC, {
      args: ["60"],
      env: { ...notedExecEnv("/bin/sleep", note, []), MARK: dir },
      stdout: "null",
    }).spawn();
    const { success } = await child.status;
    assertEquals(success, false, "it was ended, and has not slept");
    await guardian.release();
    const left = () => processesOf(dir).length === 0;
    await until(left, "everybody to be gone");
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});
