/** The command line as a shell and a terminal run it: quoted words, a pty, sessions. */
import { CHAT, type Lab, type Ran, seedPermissions } from "./lab.ts";

/** One word of a shell command. */
export const quoted = (word: string): string =>
  `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * `codex-server ARGS…` as a shell command under exactly the documented permissions, and
 * without `--no-prompt`, as the seed writes it.
 */
export const commandLine = (lab: Lab, args: string[]): string =>
  [Deno.execPath(), "run", "-q", ...seedPermissions(lab.codex), CHAT, ...args]
    .map(quoted).join(" ");

export interface ShellOptions {
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts `sh -c SCRIPT` in a session of its own, whose leader is the child. */
export const shell = (
  lab: Lab,
  script: string,
  { env, cwd = lab.repo }: ShellOptions = {},
): Deno.ChildProcess =>
  new Deno.Command("setsid", {
    args: ["sh", "-c", script],
    cwd,
    clearEnv: true,
    env: { ...lab.env, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

/** Starts a shell command on a terminal of its own (util-linux `script`); stdin stays open. */
export const terminal = (
  lab: Lab,
  command: string,
  { env, cwd = lab.repo }: ShellOptions = {},
): Deno.ChildProcess =>
  new Deno.Command("script", {
    args: ["-qec", command, "/dev/null"],
    cwd,
    clearEnv: true,
    env: { ...lab.env, TERM: "xterm", SHELL: "/bin/sh", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

/** Runs it to its end; what waits for a key is killed after `limitMs` and has no exit code 0. */
export async function onTerminal(
  lab: Lab,
  command: string,
  options: ShellOptions = {},
  limitMs = 20_000,
): Promise<Ran> {
  const child = terminal(lab, command, options);
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  try {
    const [stdout, stderr, { code }] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.status,
    ]);
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    await child.stdin.close().catch(() => {});
  }
}

/** The lines that a terminal of 80 columns shows of a command, without colours. */
export async function linesOnTerminal(
  lab: Lab,
  ...args: string[]
): Promise<string[]> {
  const { stdout } = await onTerminal(
    lab,
    `stty cols 80; ${commandLine(lab, args)}`,
    { env: { NO_COLOR: "1" } },
    60_000,
  );
  return stdout.split("\r\n");
}

/** A command on a terminal of 80 columns, without colours: what it shows so far, and a hand that types. */
export function onScreen(lab: Lab, args: string[]) {
  const child = terminal(lab, `stty cols 80 echo; ${commandLine(lab, args)}`, {
    env: { NO_COLOR: "1" },
  });
  const writer = child.stdin.getWriter();
  let shown = "";
  const read = (async () => {
    for await (
      const piece of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      shown += piece;
    }
  })();
  return {
    shown: () => shown,
    type: (text: string) => writer.write(new TextEncoder().encode(text)),
    async ended(): Promise<number> {
      const { code } = await child.status;
      await read;
      await writer.close().catch(() => {});
      await child.stderr.cancel();
      return code;
    },
  };
}
