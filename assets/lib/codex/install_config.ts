/** `~/.codex-server/config.json`: what setup found and pinned. Written by setup alone. */
import { readTextIfExists, replaceFile } from "../system/files.ts";
import { reasonOf } from "../system/os_error.ts";
import { configPath } from "../system/paths.ts";
import { openDirectory } from "../system/open_directory.ts";

/** Size, time and inode: enough to notice on every call that a file was replaced. */
export interface Fingerprint {
  size: number;
  /** Last modification, ms since the epoch. */
  mtime_ms: number;
  /** 0 where the system has no inodes. */
  inode: number;
}

/** The whole of config.json. */
export interface InstallConfig {
  schema_version: 1;
  /** Version of the library in `~/.codex-server/lib`. */
  library_version: string;
  /** Absolute path of the codex that every turn runs. */
  codex_path: string;
  /** As `codex --version` names it, e.g. `0.169.0`. */
  codex_version: string;
  codex_fingerprint: Fingerprint;
  /** Digest at the time of setup, hex. */
  codex_sha256: string;
  /** What the probe of the app-server's handshake found; absent where it could not be made. */
  app_server?: {
    ok: boolean;
    /** The user agent, or why it failed. */
    said: string;
  };
  /** How many turns run at once; more wait in phase `queued`. */
  max_concurrent: number;
  /** When setup ran last, ISO 8601. */
  set_up_at: string;
}

/** The result of reading config.json. */
export type ConfigReading =
  | { kind: "ok"; config: InstallConfig }
  | { kind: "missing" }
  | { kind: "malformed"; reason: string };

/** Far more bytes than a config.json of ours has. */
const MAX_BYTES = 1 << 20;

/** Reads config.json. */
export function readInstallConfig(): ConfigReading {
  let text: string | null;
  try {
    const info = Deno.statSync(configPath());
    // A pipe would keep us waiting for ever.
    if (!info.isFile) return { kind: "malformed", reason: "it is not a file" };
    if (info.size > MAX_BYTES) {
      return { kind: "malformed", reason: `it has ${info.size} bytes` };
    }
    text = readTextIfExists(configPath());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "missing" };
    return { kind: "malformed", reason: reasonOf(error) };
  }
  return text === null ? { kind: "missing" } : parseInstallConfig(text);
}

/** Reads the text of a config.json. */
export function parseInstallConfig(text: string): ConfigReading {
  let value: Partial<InstallConfig> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "malformed", reason: "it is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { kind: "malformed", reason: "it is not an object" };
  }
  if (typeof value.schema_version === "number" && value.schema_version > 1) {
    return {
      kind: "malformed",
      reason: `its schema version ${value.schema_version} is newer`,
    };
  }
  const fingerprint = value.codex_fingerprint;
  const sound = value.schema_version === 1 &&
    typeof value.codex_path === "string" &&
    typeof value.codex_version === "string" &&
    typeof value.library_version === "string" &&
    typeof fingerprint === "object" && fingerprint !== null &&
    Number.isInteger(value.max_concurrent) && value.max_concurrent! >= 1;
  return sound ? { kind: "ok", config: value as InstallConfig } : {
    kind: "malformed",
    reason: "it lacks fields or has ones of a wrong type",
  };
}

/** Replaces config.json in one step. */
export const writeInstallConfig = (config: InstallConfig): void =>
  replaceFile(configPath(), JSON.stringify(config, null, 2) + "\n");

/** The fingerprint of a file. */
export const fingerprintOf = (info: Deno.FileInfo): Fingerprint => ({
  size: info.size,
  mtime_ms: info.mtime?.getTime() ?? 0,
  inode: info.ino ?? 0,
});

/** The result of checking the binary. */
export type PinnedBinary =
  | {
    kind: "ok";
    /** It was replaced since setup. */
    changed: boolean;
  }
  | { kind: "broken"; reason: string };

const ELF = 0x7f454c46;
const MACH_O = [0xcffaedfe, 0xcefaedfe, 0xcafebabe];

/** Why the codex at `path` cannot be run, as far as the file shows; else null. */
export function whyBroken(path: string): string | null {
  const found = lookAt(path);
  return typeof found === "string" ? found : null;
}

/**
 * Looks at the pinned binary without running it: it must be a regular executable file, a
 * program by its first bytes, that nobody else can write or replace.
 */
export function checkPinnedBinary(
  path: string,
  pinned: Fingerprint,
): PinnedBinary {
  const found = lookAt(path);
  if (typeof found === "string") return { kind: "broken", reason: found };
  const now = fingerprintOf(found);
  const changed = now.size !== pinned.size ||
    now.mtime_ms !== pinned.mtime_ms ||
    now.inode !== pinned.inode;
  return { kind: "ok", changed };
}

/** The file at `path`, or why it cannot be run. */
function lookAt(path: string): Deno.FileInfo | string {
  let info: Deno.FileInfo;
  const head = new Uint8Array(4);
  try {
    info = Deno.statSync(path);
    if (!info.isFile) return "is not a file";
    using file = Deno.openSync(path, { read: true });
    file.readSync(head);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "is gone";
    return `cannot be read (${reasonOf(error)})`;
  }
  if (Deno.build.os === "windows") return info;
  const mode = info.mode ?? 0;
  if ((mode & 0o111) === 0) return "is not executable";
  if (mode & 0o022) return "can be written by others";
  const open = openDirectory(path, info.uid);
  if (open !== null) return `lies below ${open}, which others may write`;
  const magic = new DataView(head.buffer).getUint32(0);
  const isScript = head[0] === 0x23 && head[1] === 0x21; // "#!"
  if (magic !== ELF && !MACH_O.includes(magic) && !isScript) {
    return "is neither a program nor a script with a #! line";
  }
  return info;
}
