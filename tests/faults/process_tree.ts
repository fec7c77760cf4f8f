/** What the faults of the process tree are injected with: signals seen, limits, namespaces, library copies. */
import { dirname, join } from "@std/path";
import { posixLauncher } from "../../assets/lib/setup/launcher.ts";
import {
  CHAT,
  isAlive,
  type Lab,
  type Ran,
  ranOf,
  ROOT,
  until,
} from "../lab.ts";
import { quoted, shell } from "../terminal.ts";
import { chatCommand } from "./under.ts";

/** Runs `sh -c SCRIPT` in the lab to its end. */
export const sh = (lab: Lab, script: string): Promise<Ran> =>
  ranOf(shell(lab, script).output());

/** Runs a shell script under strace and returns what it left, and every system call that signals. */
export async function signalsOf(
  lab: Lab,
  script: string,
): Promise<{ ran: Ran; signals: string[] }> {
  const trace = join(lab.home.home, `signals-${crypto.randomUUID()}`);
  const calls = ["kill", "tkill", "tgkill", "pidfd_send_signal"];
  const ran = await sh(
    lab,
    `exec strace -f --seccomp-bpf -qq -e signal=none -e trace=${calls.join()} ` +
      `-o ${quoted(trace)} sh -c ${quoted(script)}`,
  );
  const signals = Deno.readTextFileSync(trace).split("\n")
    .filter((line) => calls.some((call) => line.includes(` ${call}(`)));
  return { ran, signals };
}

/** A `new` that has begun to read its prompt from stdin, and goes on when it is fed the rest. */
export interface WaitingNew {
  pid: number;
  /** Lets it go on, and returns what it left. */
  go(): Promise<Ran>;
}

/** Starts `deno run … chat.ts new --json -` and waits until it reads its prompt. */
export async function waitingNew(
  lab: Lab,
  { deno = Deno.execPath(), prefix = [] as string[] } = {},
): Promise<WaitingNew> {
  const [command, ...args] = [
    ...prefix,
    ...chatCommand(lab, ["new", "--json", "-"])
      .map((word) => word.replace(Deno.execPath(), deno)),
  ];
  const child = new Deno.Command(command!, {
    args,
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // More than a pipe holds: once it is written, somebody reads.
  await writer.write(new Uint8Array(200_000).fill(0x61));
  return {
    pid: child.pid,
    async go() {
      await writer.close();
      return await ranOf(child.output());
    },
  };
}

/** How many processes and threads a user has. */
export function tasksOf(uid: number): number {
  let count = 0;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = Deno.readTextFileSync(`/proc/${name}/status`);
      if (Number(/^Uid:\t(\d+)/m.exec(status)![1]) !== uid) continue;
      count += Number(/^Threads:\t(\d+)/m.exec(status)![1]);
    } catch {
      // It has ended while we looked.
    }
  }
  return count;
}

/** Copies the library into the lab, edits one of its files, and returns the copy's chat.ts. */
export function brokenLibrary(
  lab: Lab,
  file: string,
  edit: (source: string) => string,
): string {
  const skill = join(lab.home.home, `skill-${crypto.randomUUID()}`);
  const copy = (below: string) => {
    Deno.mkdirSync(join(skill, below), { recursive: true });
    for (const { name, isDirectory } of Deno.readDirSync(join(ROOT, below))) {
      const path = join(below, name);
      if (isDirectory) copy(path);
      else Deno.copyFileSync(join(ROOT, path), join(skill, path));
    }
  };
  copy("assets/lib");
  for (const name of ["deno.json", "package.json"]) {
    Deno.copyFileSync(join(ROOT, name), join(skill, name));
  }
  const path = join(skill, "assets/lib", file);
  const before = Deno.readTextFileSync(path);
  const after = edit(before);
  if (after === before) throw new Error(`Nothing was edited in ${file}`);
  Deno.writeTextFileSync(path, after);
  return join(skill, "assets/lib/chat.ts");
}

/** `chat.ts ARGS…` of another copy of the library, as a shell command. */
export const commandOf = (lab: Lab, chat: string, args: string[]): string =>
  chatCommand(lab, args).map((word) => quoted(word === CHAT ? chat : word))
    .join(" ");

/** A launcher for the library of this checkout, as setup would write it; its path. */
export function layLauncher(lab: Lab): string {
  const root = join(lab.home.home, ".codex-server");
  const path = join(lab.home.home, "launcher");
  Deno.symlinkSync(dirname(CHAT), join(root, "lib"));
  const text = posixLauncher({ deno: Deno.execPath(), codex: lab.codex, root });
  Deno.writeTextFileSync(path, text, { mode: 0o700 });
  return path;
}

/** The state letter of a process in /proc, e.g. `Z` for a zombie; null when it is gone. */
export function processState(pid: number): string | null {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2)[0]!;
  } catch {
    return null;
  }
}

/** A process that has nothing to do with any turn; it ends with the scope. */
export function bystander(): { pid: number } & AsyncDisposable {
  const child = new Deno.Command("sleep", { args: ["600"] }).spawn();
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      if (isAlive(child.pid)) child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Waits for the end of a turn and returns what `status` says then. */
export async function ended(
  lab: Lab,
  turnId: string,
  limitMs = 20_000,
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const limit = ["--timeout", String(Math.ceil(limitMs / 1000))];
  const { code, stderr } = await lab.chat(["wait", turnId, ...limit]);
  if (code === 4) throw new Error(`The turn runs for ever: ${stderr}`);
  return await lab.json("status", turnId);
}

/** Waits until out.txt of a turn holds `words`. */
export const spoken = (
  lab: Lab,
  turnId: string,
  words: string,
): Promise<void> =>
  until(
    () => Deno.readTextFileSync(lab.turn(turnId).out).includes(words),
    `the turn to say ${words}`,
  );
