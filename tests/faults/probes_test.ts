/** A living worker is never taken for a dead one, however often and whenever one asks. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { openLab, until } from "../lab.ts";
import { times } from "./fault.ts";
import { each } from "../lanes.ts";

const PROBE = fromFileUrl(new URL("./probe_states.ts", import.meta.url));
/** How often two probers ask, together, and of how many turns they see the start. */
const PROBES = times(5_000, 100_000);
const STARTS = times(6, 12);

Deno.test(`A3 a worker that lives is never called dead, from its start on, in ${PROBES} probes`, async () => {
  await using lab = await openLab({ maxConcurrent: STARTS });
  const enough = `${lab.home.home}/enough`;
  await lab.chat(["list-turns"]);
  const probers = [1, 2].map(() =>
    new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "-A", "--no-check", PROBE],
        ...[String(PROBES / 2), enough],
      ],
      clearEnv: true,
      env: lab.env,
      stdout: "piped",
    }).spawn()
  );
  const turns = await each(
    Array.from({ length: STARTS }),
    () => lab.start("play hang"),
  );
  await until(
    () => lab.server.openStreams === STARTS,
    "every turn to run",
    60_000,
  );
  Deno.writeTextFileSync(enough, "");
  for (const prober of probers) {
    const { code, stdout } = await prober.output();
    assertEquals(code, 0);
    const told = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(Object.keys(told), ["running"], JSON.stringify(told));
    assert(told.running >= PROBES / 2, JSON.stringify(told));
  }
  assertEquals(new Set(turns).size, STARTS);
});
