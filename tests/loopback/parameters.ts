/** The prompts that choose a scenario: `play NAME key=value …` on the first line. */

/** The parameters of a scenario, all of them optional. */
export interface Parameters {
  /** The url-decoded value of `key`, `fallback` when it is not given; throws a URIError for a lone `%`. */
  text(key: string, fallback: string): string;
  /** The value of `key` as a number; throws a TypeError when it is none. */
  number(key: string, fallback: number): number;
  has(key: string): boolean;
}

/** The scenario's name and parameters; undefined when `prompt` does not start with `play `. */
export function parsePlay(
  prompt: string,
): { name: string; parameters: Parameters } | undefined {
  const [verb, name, ...pairs] = (prompt.split("\n", 1)[0] ?? "").trim().split(
    /\s+/,
  );
  if (verb !== "play" || name === undefined) return undefined;
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at > 0) {
      values.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
  return { name, parameters: parameters(values) };
}

function parameters(values: Map<string, string>): Parameters {
  return {
    text(key, fallback) {
      const value = values.get(key);
      return value === undefined ? fallback : decodeURIComponent(value);
    },
    number(key, fallback) {
      const value = Number(values.get(key) ?? fallback);
      if (Number.isNaN(value)) {
        throw new TypeError(`Scenario parameter "${key}" is no number`);
      }
      return value;
    },
    has: (key) => values.has(key),
  };
}
