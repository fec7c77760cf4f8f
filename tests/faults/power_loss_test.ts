/** What the disk does to a turn: it loses its power, or cannot write. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { statusOf } from "../../assets/lib/commands/status.ts";
import { resultOf } from "../../assets/lib/commands/verdict.ts";
import { inspectTurn } from "../../assets/lib/turns/inspect.ts";
import { pathsOf } from "../../assets/lib/turns/store.ts";
import { type Lab, openLab } from "../lab.ts";
import { idAt } from "../turns/state_home.ts";
import {
  Disk,
  type FileOperation,
  fileOperations,
  LOSSES,
} from "./disk_model.ts";
import { killAt, traced } from "./strace.ts";
import { chatCommand, workerCommand } from "./under.ts";

const WHOLE_STRINGS = ["-s", "10000000"];
const ANSWER = "word-1 word-2 word-3";

const newCommand = (lab: Lab, prompt: string): string[] =>
  chatCommand(lab, ["new", "--", prompt]);

/** All that `new` and then the worker of one turn change below the state root. */
async function recordTurn(
  lab: Lab,
): Promise<{ turnId: string; made: number; operations: FileOperation[] }> {
  const root = `${lab.home.home}/.codex-server`;
  const options = WHOLE_STRINGS;
  // `new` is kept from starting the worker, which is traced by itself.
  const started = await traced(newCommand(lab, "play text words=3"), {
    ...{ cwd: lab.repo, env: lab.env, options },
    inject: killAt({ name: "clone", when: 1 }),
  });
  const turnId = lab.turnIds().at(-1)!;
  const worked = await traced(workerCommand(lab, turnId), {
    ...{ cwd: "/", env: lab.env, options },
  });
  assertEquals([started.signal, worked.code], ["SIGKILL", 0]);
  const before = fileOperations(started, root);
  return {
    turnId,
    made: before.length,
    operations: [...before, ...fileOperations(worked, root)],
  };
}

/** What the commands make of a turn in the home that HOME names. */
function readTurn(turnId: string) {
  const inspection = inspectTurn(turnId);
  return {
    state: inspection.state,
    status: statusOf(turnId, inspection),
    text: resultOf(turnId, inspection)?.text ?? "",
    out: () => Deno.readTextFileSync(pathsOf(turnId).out),
    events: () => Deno.readTextFileSync(pathsOf(turnId).events),
  };
}

Deno.test("D23 after a power loss at any write a turn is over, and complete only with its answer", async () => {
  await using lab = await openLab();
  await lab.run("hello");
  const { turnId, made, operations } = await recordTurn(lab);
  const marked = operations.findIndex(({ kind, path }) =>
    kind === "create" && path.endsWith("/done")
  );
  assert(marked > made && made > 8, `${made} ${marked}`);
  // Before the reboot is over, so is the start-up grace.
  const rebooted = idAt(Date.now() - 60_000);
  const outer = Deno.env.get("HOME")!;
  const disk = new Disk();
  const states = new Set<string>();
  let reboots = 0;
  try {
    for (const [at, operation] of operations.entries()) {
      disk.apply(operation);
      for (const loss of LOSSES) {
        for (const victim of ["", "/out.txt", "/events.jsonl"]) {
          const home = `${lab.home.home}/reboot-${reboots++}`;
          Deno.mkdirSync(`${home}/.codex-server/turns`, { recursive: true });
          disk.writeOut(
            loss,
            (path) => path.endsWith(victim),
            (text) =>
              text.replaceAll(turnId, rebooted)
                .replaceAll(
                  `${lab.home.home}/.codex-server`,
                  `${home}/.codex-server`,
                ),
          );
          Deno.env.set("HOME", home);
          const { state, status, text, out, events } = readTurn(rebooted);
          const told =
            `${state} after ${operation.kind} ${operation.path}, ${loss} ${victim}`;
          states.add(state);
          // What is in sight was made whole: its meta.json can be read.
          const expected = at < made - 1
            ? ["missing"]
            : ["abandoned", "complete"];
          assert(expected.includes(state), told);
          if (at >= marked) {
            assertEquals(state, "complete", told);
            assertStringIncludes(events(), '{"type":"turn.completed"', told);
          }
          if (state === "complete") {
            assertEquals(text, ANSWER, told);
            assertStringIncludes(out(), ANSWER, told);
          } else if (state === "abandoned") {
            assertEquals((status.error as { code: string }).code, "abandoned");
          }
          Deno.removeSync(home, { recursive: true });
        }
      }
    }
  } finally {
    Deno.env.set("HOME", outer);
  }
  assertEquals([...states], ["missing", "abandoned", "complete"]);
});

Deno.test("D3 an I/O error on a sync is told by new, and no turn is left", async () => {
  await using lab = await openLab();
  const { code, stdout, stderr } = await traced(newCommand(lab, "hello"), {
    ...{ cwd: lab.repo, env: lab.env },
    inject: "fdatasync:error=EIO",
  });
  assertEquals([code, stdout], [7, ""]);
  assertEquals(
    stderr,
    "codex-server: Input/output error — check the disk that holds ~/.codex-server\n",
  );
  const turns = Deno.readDirSync(`${lab.home.home}/.codex-server/turns`);
  assertEquals(Array.from(turns), []);
});
