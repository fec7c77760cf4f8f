/** meta.json: what a turn was asked to do and who works on it. */
import type {
  ApprovalPolicy,
  Inherited,
  SandboxMode,
} from "../domain/permissions.ts";
import { SCHEMA_VERSION } from "../version.ts";
import { isTurnId } from "./turn_id.ts";

/** Which engine runs the turn. */
export type EngineChoice = "auto" | "sdk" | "app-server";
/** How a turn is to be run, besides its prompt. `null` leaves it to codex's configuration. */
export interface TurnOptions {
  engine: EngineChoice;
  /** The model that `--model` named. */
  model_flag: string | null;
  effort: string | null;
  /** Reasoning summary: auto, concise, detailed or none. */
  summary: string | null;
  sandbox: SandboxMode | null;
  /** Network access inside the workspace-write sandbox. */
  network: boolean | null;
  add_dirs: string[];
  /** Permissions of the thread's last turn, where no flag says otherwise. */
  inherited: Inherited | null;
  approvals: ApprovalPolicy;
  /** Who reviews approval requests: `user`, `auto_review` or `guardian_subagent`. */
  reviewer: string | null;
  /** Seconds until a request that nobody answers is declined. */
  approval_timeout_s: number;
  /** Absolute paths of images that go before the prompt. */
  images: string[];
  skills: { name: string; path: string }[];
  mentions: { name: string; path: string }[];
  /** The turn's schema.json constrains the final message. */
  structured: boolean;
  /** Raw `key=value` overrides of codex's configuration. */
  config: string[];
  skip_git_check: boolean;
  /** Codex does not keep the thread. */
  ephemeral: boolean;
  /** Without the user's apps, plugins and MCP servers. */
  lean: boolean;
  /** Write rpc.jsonl. */
  trace: boolean;
  /** Seconds that the whole turn may take (`--max-time`); 0 means no limit. */
  timeout_s: number;
  /** Seconds without an event after which the turn is stopped; 0 means no limit. */
  idle_timeout_s: number;
}

/** The whole of meta.json. */
export interface TurnMeta extends TurnOptions {
  schema_version: number;
  turn_id: string;
  thread_id: string | null;
  /** When `new` or `continue` was called, ISO 8601. */
  started_at: string;
  cwd: string;
  /** The git repository of `cwd`, else `cwd`; null in the file of an older library. */
  repository: string | null;
  /** The same of the directory where the turn was started. */
  called_from: string | null;
  /** How the prompt begins, on one line, for lists; absent in an older file. */
  prompt_head?: string;
  /** The model that runs: the flag's, else codex's configuration's, else unknown. */
  model: string | null;
  /** Only the worker writes it, right after it took the lock. */
  pid: number | null;
  /** The thread that this turn continues. */
  resumed_from: string | null;
  /** The turn continues a copy of that thread. */
  fork: boolean;
  /** A review instead of a prompt: the protocol's `ReviewTarget`. */
  review: Record<string, unknown> | null;
  /** The worker waits for one of the `max_concurrent` slots. */
  queued: boolean;
  label: string | null;
  key: string | null;
  codex_path: string;
  codex_version: string;
}

/** What reading meta.json gave. */
export type MetaReading =
  | { kind: "ok"; meta: TurnMeta }
  | { kind: "corrupt"; reason: string };

/** A meta.json of ours is far smaller; a larger one is not read. */
export const META_MAX_BYTES: number = 1 << 20;

const isNullableString = (value: unknown) =>
  value === null || typeof value === "string";

/** What the file of an older library lacks. */
const NEWER_FIELDS = { repository: null, called_from: null, inherited: null };

/** Reads the text of a meta.json; what does not fit is `corrupt`, with the reason. */
export function parseMeta(text: string): MetaReading {
  const corrupt = (reason: string): MetaReading => ({
    kind: "corrupt",
    reason,
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return corrupt("meta.json is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return corrupt("meta.json is not an object");
  }
  const meta = value as Partial<TurnMeta>;
  if (
    typeof meta.schema_version === "number" &&
    meta.schema_version > SCHEMA_VERSION
  ) {
    return corrupt(
      `meta.json has schema version ${meta.schema_version}, this library reads up to ${SCHEMA_VERSION}: update codex-server`,
    );
  }
  const sound = typeof meta.schema_version === "number" &&
    typeof meta.turn_id === "string" && isTurnId(meta.turn_id) &&
    typeof meta.started_at === "string" && typeof meta.cwd === "string" &&
    isNullableString(meta.thread_id) && isNullableString(meta.model) &&
    isNullableString(meta.resumed_from) &&
    isNullableString(meta.repository ?? null) &&
    isNullableString(meta.called_from ?? null) &&
    (meta.pid === null || isPid(meta.pid));
  return sound
    ? { kind: "ok", meta: { ...NEWER_FIELDS, ...meta } as TurnMeta }
    : corrupt("meta.json lacks fields or has ones of a wrong type");
}

/** Whether `value` can be the pid of a worker. */
const isPid = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) > 1 &&
  (value as number) < 2 ** 22 * 4;
