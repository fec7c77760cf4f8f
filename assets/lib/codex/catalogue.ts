/** Codex's catalogue of models: what it last fetched, and what a word that is not in it means. */
import { readTextIfExists } from "../system/files.ts";
import { codexHome } from "../system/paths.ts";

/** A model and the reasoning efforts that it takes. */
export interface CatalogueModel {
  model: string;
  efforts: string[];
}

/**
 * The catalogue that codex keeps in its home, as it last fetched it; empty where there is
 * none. It might be old: nothing is refused for not being listed.
 */
export function cachedCatalogue(): CatalogueModel[] {
  try {
    const text = readTextIfExists(`${codexHome()}/models_cache.json`);
    const { models } = JSON.parse(text ?? "{}");
    return entries(models, "slug", "supported_reasoning_levels", "effort");
  } catch {
    return []; // not our file: codex fetches it again
  }
}

/** The models of an answer to `model/list`. */
export const listedModels = (data: unknown): CatalogueModel[] =>
  entries(
    data,
    "model",
    "supportedReasoningEfforts",
    "reasoningEffort",
  );

function entries(
  list: unknown,
  name: string,
  levels: string,
  level: string,
): CatalogueModel[] {
  if (!Array.isArray(list)) return [];
  const texts = (values: unknown[]): string[] =>
    values.filter((value) => typeof value === "string");
  return list.flatMap((entry) =>
    typeof entry?.[name] === "string"
      ? [{
        model: entry[name],
        efforts: Array.isArray(entry[levels])
          ? texts(
            entry[levels].map((each: Record<string, unknown>) => each?.[level]),
          )
          : [],
      }]
      : []
  );
}

/** How many models a sentence names. */
const NAMED = 6;

/**
 * What the catalogue says against a requested model and effort; null where it lists both,
 * or is silent.
 */
export function catalogueFlaw(
  catalogue: CatalogueModel[],
  model: string | null,
  effort: string | null,
): string | null {
  if (model === null || catalogue.length === 0) return null;
  const entry = catalogue.find((entry) => entry.model === model);
  if (!entry) {
    const names = catalogue.slice(0, NAMED).map((entry) => entry.model);
    const more = catalogue.length > NAMED ? ", …" : "";
    return `codex's catalogue does not list the model ${
      JSON.stringify(model)
    }; it lists ${names.join(", ")}${more}`;
  }
  if (
    effort === null || entry.efforts.length === 0 ||
    entry.efforts.includes(effort)
  ) return null;
  return `codex's catalogue does not list the effort ${effort} for ${model}; it lists ${
    entry.efforts.join(", ")
  }`;
}

/**
 * The same for a turn: of a model that was not asked for, only the effort counts.
 * @param runs the model that codex runs the turn with
 */
export function wordsFlaw(
  catalogue: CatalogueModel[],
  { model, effort }: { model: string | null; effort: string | null },
  runs: string,
): string | null {
  const listed = catalogue.some((entry) => entry.model === runs);
  return catalogueFlaw(catalogue, model ?? (listed ? runs : null), effort);
}
