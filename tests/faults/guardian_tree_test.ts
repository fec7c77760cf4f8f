/** The guardian's scripts where they find no /proc, under other shells, and with names that nobody expects. */
import { dirname, fromFileUrl, join } from "@std/path";
import { NOTED_EXEC, notedExecEnv } from "../../assets/lib/system/guardian.ts";
import { processesOf, until } from "../lab.ts";

/** Looks like the end of a name, and like fields behind it. */
const ODD = "x) S 1 (\n1 2) Z";

/** Every way to be below codex: a child, a grandchild, a session of its own. */
const tree = (dir: string) => `
"${dir}/$ODD" 1001 &
("${dir}/$ODD" 1002 & wait) &
setsid "${dir}/$ODD" 1003 &
setsid sh -c 'trap "" TERM; "$0" 1004 & exec sleep 1005' "${dir}/$ODD" &
(sleep 1006 &)
wait
`;

/** How many of them there are, the program itself included. */
const PROCESSES = 8;

interface Scene {
  /** The shell that runs the scripts. */
  shell: string[];
  /** Whether they find /proc. */
  proc: boolean;
  /** The name of the program that is guarded. */
  name: string;
}

/** Starts the tree under a guardian whose worker goes at once, and waits for its end. */
async function endTree({ shell, proc, name }: Scene): Promise<void> {
  const dir = await Deno.makeTempDir();
  const sources = dirname(fromFileUrl(new URL(`file://${NOTED_EXEC}`)));
  for (const script of ["noted_exec.sh", "guardian.sh", "born.sh"]) {
    const text = await Deno.readTextFile(join(sources, script));
    await Deno.writeTextFile(
      join(dir, script),
      proc ? text : text.replaceAll("/proc", "/nowhere"),
    );
  }
  Deno.symlinkSync("/bin/sleep", join(dir, ODD));
  const program = join(dir, name);
  if (name !== ODD) Deno.symlinkSync("/bin/sh", program);
  const note = join(dir, "note");
  await Deno.writeTextFile(note, "");
  const [command, ...options] = shell;
  const env = { ...notedExecEnv(program, note, []), ODD };
  const codex = new Deno.Command(command!, {
    args: [...options, join(dir, "noted_exec.sh"), "-c", tree(dir)],
    env,
    stdout: "null",
  }).spawn();
  const members = () =>
    processesOf(`CODEX_SERVER_NOTE=${note}`).map(({ pid }) => pid);
  try {
    await until(
      () => members().length >= PROCESSES,
      "the whole tree to run",
    );
    const guardian = new Deno.Command(command!, {
      args: [...options, join(dir, "guardian.sh"), note, "TERM"],
      stdin: "piped",
    }).spawn();
    await guardian.stdin.close();
    await guardian.status;
    await codex.status;
    await until(() => members().length === 0, `nobody of ${members()} to live`);
  } finally {
    for (const pid of members()) Deno.kill(pid, "SIGKILL");
    await Deno.remove(dir, { recursive: true });
  }
}

/** The shells that may be /bin/sh somewhere, as far as this machine has them. */
const SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]];

async function has(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: [], stdin: "null" })
      .output()).success;
  } catch {
    return false;
  }
}

for (const shell of SHELLS) {
  const ignore = !await has(shell[0]!);
  for (const proc of [false, true]) {
    const found = proc ? "with /proc" : "without /proc";
    Deno.test({
      name: `A24 under ${shell.join(" ")}, ${found}, the same tree is ended${
        ignore ? ` skipped: ${shell[0]} is not installed` : ""
      }`,
      ignore,
      fn: () => endTree({ shell, proc, name: "codex" }),
    });
  }
}

for (const proc of [true, false]) {
  Deno.test(
    `A25 review S9: commands whose names hold a line break or parentheses are ended with their tree (${
      proc ? "/proc" : "ps"
    })`,
    async () => {
      await endTree({ shell: ["/bin/sh"], proc, name: "co) S 1 (\nde" });
      await endTree({ shell: ["/bin/sh"], proc, name: "(\n)" });
    },
  );
}
