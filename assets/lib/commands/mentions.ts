/**
 * `--mention`: codex does not pass a mention of a file on, so the text names the file.
 * Apps and plugins are mentioned by the protocol.
 */
import { absolute, requireExisting } from "./given_path.ts";
import type { NamedPath } from "./turn_flags.ts";

/** Apps and plugins are mentioned by an address such as `app://…`. */
export const isAddress = (path: string): boolean => /^[a-z]+:\/\//.test(path);

/** The mentions of files: a line of the prompt each, e.g. `readme: @docs/README.md`. */
export function mentionLines(
  mentions: NamedPath[],
  here: string,
  cwd: string,
): string[] {
  return mentions.filter(({ path }) => !isAddress(path)).map(
    ({ name, path }) => {
      const real = requireExisting(absolute(path, here), "The mention");
      const below = real.startsWith(`${cwd}/`);
      return `${name}: @${below ? real.slice(cwd.length + 1) : real}`;
    },
  );
}
