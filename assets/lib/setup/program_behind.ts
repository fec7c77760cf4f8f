/**
 * What really runs when somebody types `codex`, found by reading alone: npm's wrapper
 * costs 60 ms a call and a version manager's shim decides anew in every directory, so
 * the native program behind them is what gets pinned.
 */
import { basename, dirname, join } from "node:path";
import { reasonOf } from "../system/os_error.ts";

/** What a path leads to. */
export type ProgramBehind =
  /** A native program, or a script that we know nothing about. */
  | { kind: "program"; path: string }
  /** A shim; only its manager knows what it will run. */
  | {
    kind: "shim";
    manager: Manager;
    /** How to start the manager. */
    command: string;
  }
  | { kind: "nothing"; reason: string };

/** A version manager that puts shims on PATH. */
export type Manager = "mise" | "asdf";

/** npm's package and the vendor directory's name for each platform codex is built for. */
const PLATFORMS: Record<string, [packageName: string, triple: string]> = {
  "linux-x86_64": ["codex-linux-x64", "x86_64-unknown-linux-musl"],
  "linux-aarch64": ["codex-linux-arm64", "aarch64-unknown-linux-musl"],
  "darwin-x86_64": ["codex-darwin-x64", "x86_64-apple-darwin"],
  "darwin-aarch64": ["codex-darwin-arm64", "aarch64-apple-darwin"],
  "windows-x86_64": ["codex-win32-x64", "x86_64-pc-windows-msvc"],
  "windows-aarch64": ["codex-win32-arm64", "aarch64-pc-windows-msvc"],
};

/** Directories that the next upgrade removes; the link to them stays. */
const UPGRADED_AWAY = /\/(Caskroom|Cellar|nix\/store)\//;

/** How much of a script is read to see what it starts; wrappers are short. */
const SCRIPT_BYTES = 16 * 1024;

/** Looks at what `path`, an absolute one, would run. Starts nothing. */
export function programBehind(path: string): ProgramBehind {
  let real: string;
  let script: string | null;
  try {
    real = Deno.realPathSync(path);
    if (Deno.statSync(real).isDirectory) {
      return { kind: "nothing", reason: "is a directory" };
    }
    if (!Deno.statSync(real).isFile) {
      return { kind: "nothing", reason: "is not a file" };
    }
    script = readScript(real);
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    return {
      kind: "nothing",
      reason: missing
        ? "does not exist"
        : `cannot be read (${reasonOf(error)})`,
    };
  }
  const shim = shimOf(path, real, script);
  if (shim) return shim;
  const packageRoot = script === null ? null : npmPackageOf(real, script);
  const native = packageRoot === null ? null : nativeProgramOf(packageRoot);
  if (native !== null) return { kind: "program", path: native };
  // A program that serves many names (volta) looks at the name it was called by.
  const servesMany = !/^codex/.test(basename(real));
  return {
    kind: "program",
    path: servesMany || UPGRADED_AWAY.test(real) ? path : real,
  };
}

/** The beginning of a script, or null for a native program. */
function readScript(path: string): string | null {
  using file = Deno.openSync(path, { read: true });
  const bytes = new Uint8Array(SCRIPT_BYTES);
  const text = new TextDecoder().decode(
    bytes.subarray(0, file.readSync(bytes) ?? 0),
  );
  return text.startsWith("#!") || /\.(cmd|bat|ps1)$/i.test(path) ? text : null;
}

function shimOf(
  path: string,
  real: string,
  script: string | null,
): ProgramBehind | null {
  const program = basename(real).replace(/\.exe$/i, "");
  if (program === "mise" || program === "asdf") {
    return { kind: "shim", manager: program, command: real };
  }
  if (/[\\/]mise[\\/]shims[\\/]/.test(path)) {
    return { kind: "shim", manager: "mise", command: "mise" };
  }
  const isAsdf = /[\\/]\.?asdf[\\/]shims[\\/]/.test(path) ||
    /\basdf"?\s+exec\b/.test(script ?? "");
  return isAsdf ? { kind: "shim", manager: "asdf", command: "asdf" } : null;
}

/** The directory of the npm package `@openai/codex` that a script belongs to or starts. */
function npmPackageOf(real: string, script: string): string | null {
  if (basename(real) === "codex.js") return dirname(dirname(real));
  // pnpm, and npm on Windows, write a small script that names the wrapper's place.
  const named = script.match(
    /[^\s"'`]*@openai[\\/]codex[\\/]bin[\\/]codex\.js/,
  )?.[0];
  if (named === undefined) return null;
  const wrapper = named.replace(
    /^(\$basedir|%~dp0|%dp0%)[\\/]?/,
    `${dirname(real)}/`,
  )
    .replaceAll("\\", "/");
  return dirname(dirname(wrapper));
}

/** The native program that the npm package in `packageRoot` starts, or null. */
export function nativeProgramOf(packageRoot: string): string | null {
  const [name, triple] = PLATFORMS[`${Deno.build.os}-${Deno.build.arch}`] ?? [];
  if (name === undefined || triple === undefined) return null;
  const root = realPathIfExists(packageRoot);
  if (root === null) return null;
  const file = Deno.build.os === "windows" ? "codex.exe" : "codex";
  const vendors = [join(root, "vendor")];
  // Below the wrapper's package, or beside it, as node itself searches.
  for (let dir = root; dir !== dirname(dir); dir = dirname(dir)) {
    vendors.push(join(dir, "node_modules", "@openai", name, "vendor"));
  }
  for (const vendor of vendors) {
    const native = realPathIfExists(join(vendor, triple, "bin", file));
    if (native !== null) return native;
  }
  return null;
}

function realPathIfExists(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}
