/** What the last setup left in config.json, whatever its age and state. */
import {
  type ConfigReading,
  type InstallConfig,
  readInstallConfig,
} from "../codex/install_config.ts";
import { lstatIfExists, readTextIfExists } from "../system/files.ts";
import { configPath } from "../system/paths.ts";

/** What is worth keeping. */
export interface PreviousConfig {
  /** All of it, if its shape is current. */
  config: InstallConfig | null;
  /** Where it had found a codex. */
  codexPath: string | null;
  /** Possibly edited by the user. */
  maxConcurrent: number | null;
  /** What there is to say about it: a sentence, or null. */
  note: string | null;
}

const NOTHING: PreviousConfig = {
  config: null,
  codexPath: null,
  maxConcurrent: null,
  note: null,
};

/** Reads config.json. An old or broken one stops no setup: it is replaced. */
export function readPreviousConfig(): PreviousConfig {
  const reading = readInstallConfig();
  if (reading.kind !== "malformed") return previousConfig(reading, "");
  try {
    const text = lstatIfExists(configPath())?.isFile
      ? readTextIfExists(configPath())
      : null;
    return previousConfig(reading, text ?? "");
  } catch {
    return previousConfig(reading, "");
  }
}

/** The same from what was read; `text` is that of a malformed one. */
export function previousConfig(
  reading: ConfigReading,
  text: string,
): PreviousConfig {
  if (reading.kind === "missing") return NOTHING;
  if (reading.kind === "ok") {
    const { config } = reading;
    return {
      config,
      codexPath: config.codex_path,
      maxConcurrent: config.max_concurrent,
      note: null,
    };
  }
  const fields = looseFields(text);
  // The first versions wrote no schema_version, and names in two spellings.
  const codexPath = fields.codex_path ?? fields.codexPath;
  const maxConcurrent = fields.max_concurrent ?? fields.maxConcurrent;
  const isOlder = fields.schema_version === undefined &&
    typeof codexPath === "string";
  return {
    config: null,
    codexPath: typeof codexPath === "string" ? codexPath : null,
    maxConcurrent: Number.isInteger(maxConcurrent) && Number(maxConcurrent) >= 1
      ? Number(maxConcurrent)
      : null,
    note: isOlder
      ? "Brought the config.json of an older version up to date"
      : `Replaced config.json, which could not be used: ${reading.reason}`,
  };
}

function looseFields(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
