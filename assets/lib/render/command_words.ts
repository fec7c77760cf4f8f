/** Commands as people write them. */

/** A command without the shell that codex runs it in: `/bin/bash -lc 'ls -l'` is `ls -l`. */
export function commandInWords(command: string): string {
  const [, script] = command.match(/^\S*\b(?:ba|z|da)?sh -l?c ([^]*)$/) ?? [];
  if (script === undefined) return command;
  const [, quote, inside] = script.match(/^(['"])([^]*)\1$/) ?? [];
  // What is quoted in pieces is left as it is.
  return inside === undefined || inside.includes(quote!) ? script : inside;
}
