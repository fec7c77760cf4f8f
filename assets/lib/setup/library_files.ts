/**
 * What an installed library consists of: the files of the running one, with a deno.json
 * and a package.json beside them. Without the two, Deno would take those further up in
 * the user's home, and the SDK would pull a second codex of 414 MB.
 */
import { dirname, join } from "node:path";
import { CliError } from "../cli/errors.ts";
import { readTextIfExists } from "../system/files.ts";

/** Path below the library's directory, with forward slashes, → content. */
export type LibraryFiles = Map<string, Uint8Array>;

/** The part of deno.json that matters here. */
interface DenoJson {
  version?: string;
  imports?: Record<string, string>;
}

/** All files below `dir`, sorted by path. Links and hidden files are skipped. */
export function readLibraryFiles(dir: string): LibraryFiles {
  const files: LibraryFiles = new Map();
  const walk = (below: string) => {
    const entries = Array.from(Deno.readDirSync(join(dir, below)))
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isFile, isDirectory } of entries) {
      const path = below === "" ? name : `${below}/${name}`;
      if (isDirectory) walk(path);
      if (isFile) files.set(path, Deno.readFileSync(join(dir, path)));
    }
  };
  walk("");
  return files;
}

/**
 * The files to install from the library in `dir`: the skill's `assets/lib`, or an
 * installed copy, which already contains its two configuration files.
 */
export function filesToInstall(dir: string): LibraryFiles {
  const files = readLibraryFiles(dir);
  if (files.has("deno.json") && files.has("package.json")) return files;
  const skill = dirname(dirname(dir));
  const denoJson = readJson<DenoJson>(join(skill, "deno.json"));
  const { overrides } = readJson<{ overrides?: unknown }>(
    join(skill, "package.json"),
  );
  const imports = Object.fromEntries(
    Object.entries(denoJson.imports ?? {})
      .filter(([name]) => usedSpecifiers(files, [name]).length > 0),
  );
  const document = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value, null, 2) + "\n");
  files.set(
    "deno.json",
    document({
      version: denoJson.version,
      lock: false,
      nodeModulesDir: "none",
      imports,
    }),
  );
  files.set("package.json", document({ private: true, overrides }));
  return files;
}

/** The specifiers of the packages `names` that the library imports, subpaths included. */
export function usedSpecifiers(
  files: LibraryFiles,
  names: string[],
): string[] {
  const used = new Set<string>();
  for (const [path, bytes] of files) {
    if (!path.endsWith(".ts")) continue;
    const code = new TextDecoder().decode(bytes);
    for (
      const [, specifier] of code.matchAll(
        /\b(?:from|import)\s*\(?\s*"([^".][^"]*)"/g,
      )
    ) {
      const isOurs = names.some((name) =>
        specifier === name || specifier!.startsWith(`${name}/`)
      );
      if (isOurs) used.add(specifier!);
    }
  }
  return [...used].sort();
}

/** The names in the import map of a library's deno.json. */
export function importNames(files: LibraryFiles): string[] {
  const text = new TextDecoder().decode(files.get("deno.json"));
  return Object.keys((JSON.parse(text) as DenoJson).imports ?? {});
}

/** A digest over the paths and contents, hex. */
export async function libraryDigest(files: LibraryFiles): Promise<string> {
  const parts = [...files].sort(([a], [b]) => a < b ? -1 : 1).map(
    async ([path, bytes]) => `${path} ${await sha256(bytes)}`,
  );
  const list = (await Promise.all(parts)).join("\n");
  return await sha256(new TextEncoder().encode(list));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return new Uint8Array(digest).toHex();
}

function readJson<T>(path: string): T {
  const text = readTextIfExists(path);
  try {
    if (text === null) throw new Error("it is missing");
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(
      "incomplete_skill",
      `The skill's ${path} cannot be used: ${(error as Error).message}`,
      "install the skill again, whole",
    );
  }
}
