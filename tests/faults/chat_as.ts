/** The command line under other circumstances than a lab's. */
import { CHAT, type Lab, type Ran, seedPermissions } from "../lab.ts";

/** Runs `codex-server ARGS…` with leave to start `codex`, which need not be the lab's. */
export const chatWithCodex = (
  lab: Lab,
  codex: string,
  args: string[],
): Promise<Ran> => run(lab, commandOf(codex, args));

/** Runs it as the same user, but held to the modes of files as root is not (Linux). */
export const chatUnprivileged = (lab: Lab, args: string[]): Promise<Ran> =>
  run(lab, [
    ...["setpriv", "--bounding-set", "-dac_override,-dac_read_search"],
    ...commandOf(lab.codex, args),
  ]);

const commandOf = (codex: string, args: string[]): string[] => [
  ...[Deno.execPath(), "run", "-q", "--no-prompt"],
  ...[...seedPermissions(codex), CHAT, ...args],
];

async function run(lab: Lab, [program, ...args]: string[]): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
