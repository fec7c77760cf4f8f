/** The guardian by itself, on a machine that is busy beyond measure. */
import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { isAlive, until } from "../lab.ts";

const GUARDIAN = fromFileUrl(
  new URL("../../assets/lib/system/guardian.sh", import.meta.url),
);

/** How long a guardian takes to end a process that ignores SIGTERM, in ms; `pause` stands for its `sleep`. */
async function timeToEnd(pause: string | null): Promise<number> {
  const dir = await Deno.makeTempDir();
  const path = Deno.env.get("PATH")!;
  if (pause !== null) {
    Deno.writeTextFileSync(
      join(dir, "sleep"),
      `#!/bin/sh\nPATH='${path}' exec sleep ${pause}\n`,
      { mode: 0o755 },
    );
  }
  const stubborn = new Deno.Command("/bin/sh", {
    args: ["-c", "trap '' TERM; read -r _"],
    stdin: "piped",
  }).spawn();
  const { pid } = stubborn;
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const bornAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    await Deno.writeTextFile(join(dir, "note"), `${pid} ${bornAt}\n`);
    await until(
      () =>
        /SigIgn:\t.*4...$/m.test(Deno.readTextFileSync(`/proc/${pid}/status`)),
      "the process to ignore SIGTERM",
    );
    const guardian = new Deno.Command("/bin/sh", {
      args: [GUARDIAN, join(dir, "note"), "TERM"],
      env: { PATH: `${dir}:${path}` },
      stdin: "piped",
    }).spawn();
    const started = performance.now();
    await guardian.stdin.close();
    await until(() => !isAlive(pid), "the process to end");
    const took = performance.now() - started;
    await guardian.status;
    return took;
  } finally {
    try {
      stubborn.kill("SIGKILL");
    } catch {
      // The guardian has ended it.
    }
    await stubborn.stdin.close().catch(() => {});
    await stubborn.status;
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("A18 a guardian whose pauses take five times as long ends a stubborn codex no later", async () => {
  const plain = await timeToEnd(null);
  assert(plain >= 1200, `it had ${plain} ms to end by itself`);
  // What a busy machine does to `sleep 0.05`. Counted in pauses it would be five times as long.
  const slow = await timeToEnd("0.25");
  assert(slow < 3 * plain, `it took ${slow} ms, not ${plain}`);
});
