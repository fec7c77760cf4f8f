/** Piped input that nobody asked for: reported, never read. */
import { stdinGiven } from "../system/stdio.ts";

/**
 * The note for a stdin that was not read; null where there is nothing to say.
 *
 * A pipe is reported even if it is empty, as that cannot be known without taking data from
 * another reader (a shell's `while read` loop). What programs give their children by
 * default is not reported: /dev/null (Claude Code's Bash, cron, systemd) and sockets
 * (Node's `spawn`, sshd).
 */
export async function stdinNote(review: boolean): Promise<string | null> {
  const given = await stdinGiven();
  if (given === null) return null;
  const what = `stdin is a ${given} and was not read`;
  return review
    ? `${what}: a review looks at the repository alone`
    : `${what}; --with - adds it to the prompt, </dev/null says that it is not meant`;
}
