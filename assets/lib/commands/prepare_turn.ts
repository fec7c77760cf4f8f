/** Everything that is checked and decided before a turn is made. */
import { type Invocation, stringOption } from "../cli/command.ts";
import { usageError } from "../cli/errors.ts";
import { readConfigToml, topLevelString } from "../codex/config_toml.ts";
import { lastSettings } from "../codex/rollout_tail.ts";
import { sessionMetaOf } from "../codex/session_meta.ts";
import type { TurnMeta } from "../turns/meta.ts";
import { noteLine } from "../output/note.ts";
import { repositoryOf } from "../system/repository.ts";
import { currentDirectory } from "../system/surroundings.ts";
import { checkRoot, prepareRoot } from "../turns/root.ts";
import { SCHEMA_VERSION } from "../version.ts";
import { requireAsking } from "./approval_policy.ts";
import { requireCodex, requireRepository } from "./checks.ts";
import { absolute, requireDirectory, requireExisting } from "./given_path.ts";
import { requireImage } from "./image_file.ts";
import { isAddress, mentionLines } from "./mentions.ts";
import { modelNote } from "./model_words.ts";
import type { NamedThread } from "./name_thread.ts";
import { placeOf } from "./place.ts";
import { composePrompt, readPrompt } from "./prompt.ts";
import { requireReviewable, type ReviewTarget } from "./review_target.ts";
import { requireSchema } from "./schema_file.ts";
import { termsOf } from "./thread_terms.ts";
import { requireWriteAccess } from "./write_access.ts";
import { promptHead } from "./turn_rows.ts";
import { type NamedPath, readTurnFlags, type TurnFlags } from "./turn_flags.ts";

/** What kind of turn it is; without any of these it is a prompt on a new thread. */
export interface TurnKind {
  /** Names the thread to continue. */
  findThread?(): NamedThread;
  /** Continue a copy of that thread. */
  fork?: boolean;
  /** A review: the protocol's `ReviewTarget`, and what prompt.txt says of it. */
  review?: { target: ReviewTarget; prompt: string };
}

/** A turn ready to be made: all of meta.json except id and time. */
export interface PreparedTurn {
  flags: TurnFlags;
  prompt: Uint8Array;
  /** Stdin was asked for and read. */
  fromStdin: boolean;
  schema: string | null;
  meta: Omit<TurnMeta, "turn_id" | "started_at">;
}

/**
 * Checks flags, prompt, codex, directory, files and thread, in this order.
 * @throws {CliError} for the first check that fails; nothing has been made then
 * @param onPrompt called once the prompt is read: from then on no input is awaited
 */
export async function prepareTurn(
  { args, stderr }: Invocation,
  kind: TurnKind,
  onPrompt: () => void,
): Promise<PreparedTurn> {
  const flags = readTurnFlags(args);
  const parts = kind.review
    ? { prompt: kind.review.prompt, attachments: [], fromStdin: false }
    : await readPrompt(args, flags);
  onPrompt();
  const codex = await requireCodex((line) => stderr(noteLine(line)));
  const here = currentDirectory(flags.cwd);
  const directory = (path: string) =>
    requireDirectory(absolute(path, here), "The directory");
  if (flags.engine === "sdk" && (kind.fork || kind.review)) {
    throw usageError(
      "The SDK engine can neither review nor fork",
      "leave out --engine sdk",
    );
  }
  if (flags.ephemeral && kind.findThread && !kind.fork) {
    throw usageError("--ephemeral goes with a new thread or a fork");
  }
  checkRoot();
  const thread = kind.findThread?.() ?? null;
  const last = thread && lastSettings(thread.path);
  const { cwd, moved, notes } = placeOf({
    given: flags.cwd === null ? null : directory(flags.cwd),
    home: thread && (last?.cwd ?? sessionMetaOf(thread.path)?.cwd ?? null),
    here: directory(here),
  });
  const schema = flags.schema === null ? null : requireSchema(flags.schema);
  const images = flags.images.map((image) => requireImage(image, here));
  const mentioned = mentionLines(flags.mentions, here, cwd);
  const prompt = composePrompt(parts, mentioned);
  const addDirs = flags.addDirs.map(directory);
  if (!flags.skipGitCheck) requireRepository(cwd);
  if (kind.review) await requireReviewable(kind.review.target, cwd);
  const approvalsGiven = stringOption(args, "approvals") !== null;
  const terms = last && termsOf(last, { flags, approvalsGiven, cwd, moved });
  const { inherited = null, approvals = flags.approvals } = terms ?? {};
  if (flags.engine === "sdk" && approvals !== "never") {
    throw usageError(
      "The thread's last turn asked before it went on, and the SDK engine cannot ask",
      "leave out --engine sdk, or add --approvals never",
    );
  }
  prepareRoot();
  const existing = ({ name, path }: NamedPath, what: string): NamedPath => ({
    name,
    path: requireExisting(absolute(path, here), what),
  });
  requireWriteAccess(flags, inherited, cwd);
  requireAsking(args, approvals);
  const meta: PreparedTurn["meta"] = {
    schema_version: SCHEMA_VERSION,
    thread_id: kind.fork ? null : thread?.threadId ?? null,
    cwd,
    prompt_head: promptHead(prompt),
    repository: repositoryOf(cwd),
    called_from: repositoryOf(here),
    model: flags.model ?? last?.model ??
      topLevelString(readConfigToml(), "model"),
    pid: null,
    resumed_from: thread?.threadId ?? null,
    fork: kind.fork ?? false,
    review: kind.review?.target ?? null,
    queued: false,
    label: flags.label,
    key: flags.key,
    codex_path: codex.codex_path,
    codex_version: codex.codex_version,
    engine: flags.engine,
    model_flag: flags.model,
    effort: flags.effort,
    summary: flags.summary,
    sandbox: flags.sandbox,
    network: flags.network,
    add_dirs: addDirs,
    inherited,
    approvals,
    reviewer: terms?.reviewer ?? flags.reviewer,
    approval_timeout_s: flags.approvalTimeoutS,
    images,
    skills: flags.skills.map((skill) => existing(skill, "The skill")),
    mentions: flags.mentions.filter(({ path }) => isAddress(path)),
    structured: schema !== null,
    config: flags.config,
    skip_git_check: flags.skipGitCheck,
    ephemeral: flags.ephemeral,
    lean: flags.lean,
    trace: flags.trace,
    timeout_s: flags.maxTimeS,
    idle_timeout_s: flags.idleTimeoutS,
  };
  const told = [
    ...[...thread?.notes ?? [], ...notes, ...terms?.notes ?? []],
    ...[schema?.note ?? null, modelNote(flags)],
  ];
  for (const note of told) if (note !== null) stderr(noteLine(note));
  return {
    flags,
    prompt,
    fromStdin: parts.fromStdin,
    schema: schema?.text ?? null,
    meta,
  };
}
