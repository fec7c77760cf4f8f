/** The guardian by itself, on a machine that is busy beyond measure. */
import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { isAlive, until } from "../lab.ts";

const GUARDIAN = fromFileUrl(
  new URL("../../assets/lib/system/guardian.sh", import.meta.url),
);

Deno.test("A18 a guardian whose pauses take five times as long ends a stubborn codex no later", async () => {
  const dir = await Deno.makeTempDir();
  const path = Deno.env.get("PATH")!;
  // What a busy machine does to `sleep 0.05`.
  Deno.writeTextFileSync(
    join(dir, "sleep"),
    `#!/bin/sh\nPATH='${path}' exec sleep 0.25\n`,
    { mode: 0o755 },
  );
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
    const took = Math.round(performance.now() - started);
    assert(took >= 1200, `it had ${took} ms to end by itself`);
    // Counted in pauses it would be 6 s, beside what the machine needs in any case.
    assert(took < 5000, `it took ${took} ms`);
    await guardian.status;
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
});
