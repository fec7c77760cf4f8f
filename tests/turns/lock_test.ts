import { assertEquals } from "@std/assert";
import { isLockHeld, tryTakeLock } from "../../assets/lib/system/lock.ts";

/** Takes the lock, keeps no handle to it, and collects garbage until it is told to end. */
const FORGETFUL = `
  const { makeHeldLock } = await import(Deno.args[0]);
  makeHeldLock(Deno.args[1]);
  for (let round = 0; round < 20; round++) {
    Array.from({ length: 10_000 }, (_, index) => ({ index }));
    gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  console.log("collected");
  await Deno.stdin.read(new Uint8Array(1));
`;

Deno.test("a lock whose handle nobody keeps is held until its process ends", async () => {
  const directory = Deno.makeTempDirSync();
  const [path, script] = [`${directory}/lock`, `${directory}/forgetful.js`];
  Deno.writeTextFileSync(script, FORGETFUL);
  try {
    const lock = import.meta.resolve("../../assets/lib/system/lock.ts");
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--v8-flags=--expose-gc", script, lock, path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const said = child.stdout.getReader();
    await said.read();
    assertEquals(isLockHeld(path), true);
    await child.stdin.close();
    assertEquals((await child.status).success, true);
    await said.cancel();
    assertEquals(isLockHeld(path), false);
    assertEquals(isLockHeld(`${path}.nowhere`), false);
    using lock2 = tryTakeLock(path);
    assertEquals([lock2 !== null, isLockHeld(path)], [true, true]);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
