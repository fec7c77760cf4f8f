/**
 * How `--config` reaches codex: settings that might contain a secret go over the
 * protocol, as everybody on the machine can read a command line.
 */
import type { EffectiveConfig } from "./wire.ts";

/** A table of codex's configuration, as JSON. */
export type ConfigTable = { [key: string]: unknown };

/**
 * The tables that contain a user's keys, headers and environment variables, and the
 * setting that names one of them. Everything else is passed when codex starts: the server
 * reads some of it before there is a thread.
 */
const FOR_THREAD = [
  "mcp_servers",
  "model_provider",
  "model_providers",
  "shell_environment_policy",
];

/** Overrides of codex's configuration by how they are passed. */
export interface SplitConfig {
  /** `key=value`, for the command line. */
  argv: string[];
  /** For the member `config` of `thread/start`, `thread/resume` and `thread/fork`. */
  thread: ConfigTable;
}

/** Sorts `key=value` overrides; the last value of a key counts, as on codex's command line. */
export async function splitConfig(overrides: string[]): Promise<SplitConfig> {
  const argv: string[] = [];
  const thread: ConfigTable = {};
  for (const override of overrides) {
    const at = override.indexOf("=");
    const path = override.slice(0, at).trim().split(".");
    if (FOR_THREAD.includes(path[0]!)) {
      setAt(thread, path, await valueOf(override.slice(at + 1)));
    } else argv.push(override);
  }
  return { argv, thread };
}

/** A value as codex reads it: TOML, or else the text itself. */
async function valueOf(text: string): Promise<unknown> {
  const { parse } = await import("smol-toml");
  try {
    return parse(`value = ${text.trim()}`).value;
  } catch {
    return text.trim().replace(/^["']+|["']+$/g, "");
  }
}

function setAt(table: ConfigTable, [key, ...rest]: string[], value: unknown) {
  if (rest.length === 0) {
    table[key!] = value;
    return;
  }
  const inner = isTable(table[key!]) ? table[key!] as ConfigTable : {};
  table[key!] = inner;
  setAt(inner, rest, value);
}

const isTable = (value: unknown): value is ConfigTable =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The MCP servers of the configuration together with those that a thread adds. */
export function serversOf(
  { mcp_servers }: EffectiveConfig,
  thread: ConfigTable,
): ConfigTable {
  const servers: ConfigTable = { ...(mcp_servers as object) };
  const brought = isTable(thread.mcp_servers) ? thread.mcp_servers : {};
  for (const [name, server] of Object.entries(brought)) {
    servers[name] = isTable(server)
      ? { ...(servers[name] as object), ...server }
      : server;
  }
  return servers;
}

/** A thread's configuration with each of these MCP servers turned off. */
export function withoutServers(
  thread: ConfigTable,
  servers: ConfigTable,
): ConfigTable {
  const off = Object.keys(servers).map((name) => {
    const brought = serversOf({}, thread)[name];
    return [name, { ...(brought as object), enabled: false }];
  });
  return { ...thread, mcp_servers: Object.fromEntries(off) };
}

/** The MCP servers without which codex opens no thread; each has its own time limit. */
export const requiredServers = (servers: ConfigTable): string[] =>
  Object.entries(servers)
    .filter(([, server]) => isTable(server) && server.required === true)
    .map(([name]) => name);
