import { assertEquals } from "@std/assert";
import { ChangeWatcher } from "../../assets/lib/system/watch.ts";

const inDirectory =
  (test: (dir: string) => Promise<void>): () => Promise<void> => async () => {
    const dir = Deno.makeTempDirSync();
    try {
      await test(dir);
    } finally {
      await Deno.remove(dir, { recursive: true }).catch(() => {});
    }
  };

Deno.test(
  "a change wakes who waits, and one that came before is not lost",
  inDirectory(async (dir) => {
    using watcher = new ChangeWatcher(dir);
    const woken = watcher.next();
    Deno.writeTextFileSync(`${dir}/a`, "1");
    assertEquals(await woken, true);
    watcher.poke();
    assertEquals(await watcher.next(), true);
  }),
);

Deno.test(
  "where the system does not tell, anything may have changed after a while",
  inDirectory(async (dir) => {
    using nowhere = new ChangeWatcher(`${dir}/missing`);
    assertEquals(await nowhere.next(), true);
    assertEquals(await nowhere.next(0), true);
  }),
);

Deno.test(
  "a directory that goes away is a change, and what is left can be closed",
  inDirectory(async (dir) => {
    const watcher = new ChangeWatcher(dir);
    const woken = watcher.next();
    Deno.removeSync(dir);
    assertEquals(await woken, true);
    watcher[Symbol.dispose]();
  }),
);
