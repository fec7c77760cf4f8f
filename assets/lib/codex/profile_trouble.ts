/** Profiles: codex refuses the key `profile`, and advises a flag of its own that this tool does not have. */

/** What to say instead, when that is why codex failed; null when it is not. */
export function profileTrouble(
  message: string,
): { message: string; hint: string } | null {
  const name = message.match(
    /legacy `profile = "([^"\n]*)"` config is no longer supported/,
  )?.[1];
  return name === undefined ? null : {
    message:
      `Codex takes no profile from its configuration any more, and profile = "${name}" is set`,
    hint:
      `take that key out of config.toml and the --config flags; what ${name}.config.toml says goes through --config KEY=VALUE`,
  };
}
