/**
 * `--model` and `--effort`: words that codex passes on as they are, so a wrong one is
 * caught here.
 */
import { usageError } from "../cli/errors.ts";
import { cachedCatalogue, catalogueFlaw } from "../codex/catalogue.ts";
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";

/** Every effort that a codex up to 0.171.0 knows. */
const EFFORTS = [
  ...["none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"],
];

/**
 * The effort, when it is one that codex knows, or that its catalogue lists for some model.
 * @throws {CliError} code `usage`
 */
export function requireEffort(given: string | null): string | null {
  if (given === null || EFFORTS.includes(given)) return given;
  const listed = cachedCatalogue().flatMap(({ efforts }) => efforts);
  if (listed.includes(given)) return given;
  const all = [...new Set([...EFFORTS, ...listed])];
  throw usageError(
    `--effort must be one of ${all.join(", ")}, not ${JSON.stringify(given)}`,
    `a word that only a newer codex knows goes through --config model_reasoning_effort=WORD`,
  );
}

/** A note on what the catalogue does not list; null for a provider that it does not cover. */
export function modelNote(
  { model, effort, config }: {
    model: string | null;
    effort: string | null;
    config: string[];
  },
): string | null {
  const other =
    config.some((entry) => /^model_(provider|catalog)/.test(entry)) ||
    topLevelString(readConfigToml(), "model_provider") !== null;
  return other ? null : catalogueFlaw(cachedCatalogue(), model, effort);
}
