/** What the reader of the demo sees: headings, commands as typed, and what they print while they print it. */

/** A command that the reader sees has failed; the message says which one. */
export class CommandFailed extends Error {
  override name = "CommandFailed";
}

/** The demo's screen and the shell behind it. */
export interface Terminal {
  heading(text: string): void;
  line(text: string): void;
  /**
   * Shows `command`, one program with its arguments, runs it in a shell and shows its output as it comes; returns its stdout.
   * Throws {@linkcode CommandFailed} for any exit code but 0.
   */
  run(command: string): Promise<string>;
}

/** A terminal whose commands run in `cwd` with the environment `env`; `signal` ends the one that is running. */
export function openTerminal(
  { cwd, env, signal }: {
    cwd: string;
    env: Record<string, string>;
    signal: AbortSignal;
  },
): Terminal {
  const bold = Deno.stdout.isTerminal() && !Deno.noColor
    ? (text: string) => `\x1b[1m${text}\x1b[0m`
    : (text: string) => text;
  return {
    heading: (text) => print(`\n${bold(`── ${text}`)}\n`),
    line: (text) => print(`${text}\n`),
    async run(command) {
      signal.throwIfAborted();
      print(`${bold(`$ ${command}`)}\n`);
      const child = new Deno.Command("sh", {
        args: ["-c", `exec ${command}`], // so that the signal reaches the command itself
        cwd,
        clearEnv: true,
        env,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        signal,
      }).spawn();
      const [stdout, , { code }] = await Promise.all([
        shown(child.stdout),
        shown(child.stderr),
        child.status,
      ]);
      signal.throwIfAborted();
      if (code !== 0) {
        throw new CommandFailed(`exit code ${code} from: ${command}`);
      }
      return stdout;
    },
  };
}

/** Shows what comes and returns all of it. */
async function shown(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    print(chunk);
  }
  return text;
}

/** Writes all of `text`, however slowly it is read. */
function print(text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
