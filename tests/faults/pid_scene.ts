/**
 * A play inside a pid namespace of its own, where the next pid can be chosen: processes of
 * a turn die, and innocent ones are born with their pids. Run by `pid_reuse_test.ts`; takes
 * a `Scene` as JSON, prints a `SceneReport`.
 */
import { type Ran, ranOf, until } from "../lab.ts";

/** What to play, and how to reach the lab from inside. */
export interface Scene {
  /** The command line of chat.ts, without its verb. */
  chat: string[];
  turnsDir: string;
  engine: string;
  /**
   * `worker`: its pid is taken over. `codex`: it dies together with its worker, and its
   * pid is taken over before the guardian looks. (The worker's cannot be while the guardian
   * lives: it numbers their session.)
   */
  dies: "worker" | "codex";
}

/** What the commands said afterwards, and how the innocent are. */
export interface SceneReport {
  turnId: string;
  /** Exit code and output of `status`, `wait` and `cancel`. */
  said: Record<string, Ran>;
  /** Whether the innocent process that was born with a reused pid lives on, untouched. */
  spared: boolean;
}

const read = (path: string): string => {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
};

const exists = (pid: number): boolean => read(`/proc/${pid}/stat`) !== "";

/** A process that does nothing, with exactly this pid. */
async function bearInnocent(pid: number): Promise<Deno.ChildProcess> {
  await until(() => !exists(pid), `pid ${pid} to be free`);
  for (let attempt = 0; attempt < 50; attempt++) {
    Deno.writeTextFileSync("/proc/sys/kernel/ns_last_pid", String(pid - 1));
    const child = new Deno.Command("sleep", { args: ["1000"] }).spawn();
    if (child.pid === pid) return child;
    // A thread was born in between and got the pid; threads go soon.
    child.kill("SIGKILL");
    await child.status;
  }
  throw new Error(`Nobody could be born with pid ${pid}`);
}

/** Whether it still sleeps: neither ended nor stopped. */
const isUntouched = ({ pid }: Deno.ChildProcess): boolean =>
  /^\d+ \(sleep\) S /.test(read(`/proc/${pid}/stat`));

const guardianPid = (): number | undefined =>
  Array.from(Deno.readDirSync("/proc"), ({ name }) => Number(name))
    .find((pid) => read(`/proc/${pid}/cmdline`).includes("guardian.sh"));

async function play(scene: Scene): Promise<SceneReport> {
  const [deno, ...args] = scene.chat;
  const chat = (...words: string[]) =>
    ranOf(new Deno.Command(deno!, { args: [...args, ...words] }).output());
  const started = await chat("new", "--engine", scene.engine, "play hang");
  const turnId: string = JSON.parse(started.stdout).turn_id;
  const dir = `${scene.turnsDir}/${turnId}`;
  const worker = () => JSON.parse(read(`${dir}/meta.json`)).pid as number;
  const codex = () => Number(read(`${dir}/codex.pid`).split(" ")[0]);
  await until(() => worker() > 0 && codex() > 0, "worker and codex to sign");
  await until(() => guardianPid() !== undefined, "the guardian");
  const [workerPid, codexPid, guardian] = [worker(), codex(), guardianPid()!];

  let innocent: Deno.ChildProcess;
  if (scene.dies === "worker") {
    Deno.kill(workerPid, "SIGKILL");
    await until(() => !exists(guardian), "the guardian to have gone");
    innocent = await bearInnocent(workerPid);
  } else {
    Deno.kill(guardian, "SIGSTOP");
    Deno.kill(workerPid, "SIGKILL");
    Deno.kill(codexPid, "SIGKILL");
    innocent = await bearInnocent(codexPid);
    Deno.kill(guardian, "SIGCONT");
  }
  const said: SceneReport["said"] = {};
  for (const verb of ["status", "wait", "cancel"]) {
    const limit = verb === "wait" ? ["--timeout", "5"] : [];
    said[verb] = await chat(verb, turnId, ...limit);
  }
  await until(() => !exists(guardian), "the guardian to have gone");
  return { turnId, said, spared: isUntouched(innocent) };
}

if (import.meta.main) {
  console.log(JSON.stringify(await play(JSON.parse(Deno.args[0]!))));
  // The namespace ends with its first process, and the innocent with it.
  Deno.exit(0);
}
