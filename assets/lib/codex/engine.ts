/** What an engine is: something that runs one turn of codex and reports it in events. */
import type { ErrorCode } from "../domain/error_codes.ts";
import type {
  ApprovalPolicy,
  Inherited,
  SandboxMode,
} from "../domain/permissions.ts";
import type { PendingRequest, StoredEvent } from "../events/thread_event.ts";
import type { Sign } from "./signs.ts";
import { MAX_LINE } from "../events/jsonl.ts";
import type { Answer } from "./approvals.ts";

/** One turn, as codex needs it. `null` leaves a choice to codex's configuration. */
export interface TurnRequest {
  prompt: string;
  /** The thread to continue; null starts a new one. */
  threadId: string | null;
  /** Continue a copy of the thread. */
  fork: boolean;
  /** Review something instead of answering the prompt; the protocol's `ReviewTarget`. */
  review: Record<string, unknown> | null;
  cwd: string;
  model: string | null;
  effort: string | null;
  /** Reasoning summary: `auto`, `concise`, `detailed` or `none`. */
  summary: string | null;
  sandbox: SandboxMode | null;
  network: boolean | null;
  addDirs: string[];
  /** Permissions of the thread's last turn; null where flags and configuration decide. */
  inherited: Inherited | null;
  approvalPolicy: ApprovalPolicy;
  /** The protocol's `ApprovalsReviewer`. */
  reviewer: string | null;
  /** A requested option needs codex's experimental API. */
  experimental: boolean;
  /** Absolute paths, or URLs. */
  images: string[];
  skills: { name: string; path: string }[];
  mentions: { name: string; path: string }[];
  /** JSON Schema of the final message. */
  schema: unknown;
  /** The file that contains it. */
  schemaPath: string | null;
  /** Raw `key=value` overrides of codex's configuration. */
  config: string[];
  skipGitCheck: boolean;
  /** Codex does not keep the thread. */
  ephemeral: boolean;
  /** Without the user's apps, plugins and MCP servers. */
  lean: boolean;
  /** Record every protocol message. */
  trace: boolean;
}

/** Whether an image is a URL: codex fetches it itself, and a data: URL carries it. */
export const isImageUrl = (image: string): boolean =>
  /^(https?|data):/.test(image);

/** Whether a person answers codex's requests, and in what time. */
export interface ApprovalMode {
  ask: boolean;
  /** `Infinity` waits for ever. */
  timeoutMs: number;
}

/** What an engine is given to work with. */
export interface EngineContext {
  codexPath: string;
  /** A private directory for the engine's own small files, e.g. the noted pid. */
  scratchDir: string;
  approvals: ApprovalMode;
  /** A line for the worker's log. */
  log: (line: string) => void;
  /** Every protocol message, for `--trace`. */
  trace?: (direction: "in" | "out", line: string) => void;
  /** Called on each sign of life, before any event that it causes. */
  sign?: (sign: Sign) => void;
  /** Fires when the turn is to be stopped: cancelled, out of time, or stalled. */
  signal: AbortSignal;
}

/** A turn under way. */
export interface EngineRun {
  /**
   * Events in order; ends when the turn is over. When the context's signal fires the
   * engine interrupts codex, and it ends soon after.
   * @throws {EngineFailure} when codex ended without reporting the result
   */
  events: AsyncIterable<StoredEvent>;
  /** The unified diff of what the turn changed; empty where the engine cannot tell. */
  readonly diff: string;
  /** Adds `text` to the running turn, once codex has begun it. */
  steer?(text: string): Promise<void>;
  /** Answers a request that codex made; returns the request. */
  answer?(requestId: string, answer: Answer): PendingRequest;
  /** Ends every process of the engine; none is left when it resolves. */
  close(): Promise<void>;
}

/** Codex broke: it could not be started, died, or went silent. */
export class EngineFailure extends Error {
  override name = "EngineFailure";
  constructor(readonly code: ErrorCode, message: string) {
    super(message);
  }
}

/** Codex exited cleanly before its turn ended. */
export const incomplete = (): EngineFailure =>
  new EngineFailure(
    "incomplete",
    "Codex ended without saying how the turn did",
  );

/** Codex is alive, but has closed its output. */
export const outputClosed = (): EngineFailure =>
  new EngineFailure(
    "incomplete",
    "Codex closed its output without saying how the turn did",
  );

/** Codex wrote more than MAX_LINE without an end of the line. */
export const lineTooLong = (): EngineFailure =>
  new EngineFailure(
    "codex_failed",
    `Codex wrote a line of more than ${MAX_LINE >> 20} MB`,
  );
