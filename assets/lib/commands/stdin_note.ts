/** Input that was piped in and that nobody asked for: told, never read. */
import { stdinGiven } from "../system/stdio.ts";

/**
 * The note for a stdin that was left alone; null where there is nothing to say.
 *
 * A pipe is told whether it holds something or not, as that cannot be known without taking
 * it from another reader (a shell's `while read` loop). What programs give their children
 * when they mean nothing by it is not told: /dev/null (Claude Code's Bash, cron, systemd)
 * and sockets (Node's `spawn`, sshd).
 */
export async function stdinNote(review: boolean): Promise<string | null> {
  const given = await stdinGiven();
  if (given === null) return null;
  const what = `stdin is a ${given} and was not read`;
  return review
    ? `${what}: a review looks at the repository alone`
    : `${what}; --with - adds it to the prompt, </dev/null says that it is not meant`;
}
