/** The target of `review`: it must exist, and contain changes. */
import { CliError, usageError } from "../cli/errors.ts";
import { askGit, type GitAnswer } from "../system/git.ts";
import { gitTopLevel } from "../system/repository.ts";

/** The protocol's `ReviewTarget`. */
export type ReviewTarget =
  | { type: "uncommittedChanges" }
  | { type: "baseBranch"; branch: string }
  | { type: "commit"; sha: string; title: string | null }
  | { type: "custom"; instructions: string };

const STATUS = ["status", "--porcelain"];

/**
 * Refuses a base or commit that git does not know, and a review of nothing: codex would
 * leave both to the model, which answers "no findings". Where git cannot be asked, or
 * fails for another reason, codex decides.
 * @throws {CliError} `usage`, `not_a_repository`
 */
export async function requireReviewable(
  target: ReviewTarget,
  cwd: string,
): Promise<void> {
  if (target.type === "custom") return;
  const inside = ["rev-parse", "--is-inside-work-tree"];
  if (target.type === "uncommittedChanges") {
    const answers = await askGit(cwd, [inside, STATUS]);
    if (answers === null || !isReadable(answers[0]!, cwd)) return;
    if (isEmpty(answers[1]!)) throw nothing("Nothing is changed here");
    return;
  }
  const name = target.type === "commit" ? target.sha : target.branch;
  const flag = target.type === "commit" ? "--commit" : "--base";
  if (name.startsWith("-")) {
    throw usageError(
      `${flag} takes a name, and none begins with a dash: ${name}`,
      "check the name",
    );
  }
  const [answers, changes] = await Promise.all([
    askGit(cwd, [
      inside,
      verify(name),
      ["for-each-ref", "--format=%(refname:short)", `refs/remotes/*/${name}`],
    ]),
    target.type === "commit" ? ofCommit(cwd, name) : sinceBase(cwd, name),
  ]);
  if (answers === null) return;
  const [repository, known, remotes] = answers;
  if (!isReadable(repository!, cwd)) return;
  if (known!.code !== 0) throw unknown(flag, name, remotes!.stdout);
  if (changes === false) {
    throw nothing(
      target.type === "commit"
        ? `The commit ${name} changes nothing`
        : `Nothing is changed here since ${name}`,
    );
  }
}

const verify = (name: string): string[] => [
  ...["rev-parse", "--verify", "--quiet"],
  `${name}^{commit}`,
];

/** Whether the commit changes a file, against any of its parents; null where git does not say. */
async function ofCommit(cwd: string, name: string): Promise<boolean | null> {
  const [tree] = await askGit(cwd, [[
    ...["diff-tree", "--root", "-m", "-r", "--name-only", "--no-commit-id"],
    name,
  ]]) ?? [];
  return tree?.code === 0 ? !isEmpty(tree) : null;
}

/** Whether anything differs from the merge base; null where git does not say. */
async function sinceBase(cwd: string, name: string): Promise<boolean | null> {
  const [status, parting] = await askGit(cwd, [
    STATUS,
    ["merge-base", name, "HEAD"],
  ]) ?? [];
  const commit = parting?.stdout.trim();
  if (!isEmpty(status) || !commit) return null;
  const [diff] = await askGit(cwd, [[
    ...["diff", "--quiet", "--no-ext-diff", "--no-textconv", commit, "HEAD"],
  ]]) ?? [];
  return diff?.code === 0 ? false : null;
}

const isEmpty = (answer: GitAnswer | undefined): boolean =>
  answer?.code === 0 && answer.stdout.trim() === "";

/** Whether git reads the repository; it refuses one of another owner, for example. */
function isReadable({ code }: GitAnswer, cwd: string): boolean {
  if (code === 0 || gitTopLevel(cwd) !== null) return code === 0;
  throw new CliError(
    "not_a_repository",
    `${cwd} is not inside a git repository, so there is nothing to review`,
    "run it in one; what else it is to look at goes into --instructions",
  );
}

function unknown(flag: string, name: string, remotes: string): CliError {
  const [remote] = remotes.split("\n").filter((line) => line !== "");
  const what = flag === "--base" ? "branch or commit" : "commit";
  return remote
    ? usageError(
      `There is no ${what} ${name} here, only ${remote}`,
      `give ${flag} ${remote}`,
    )
    : usageError(
      `There is no ${what} ${name} here`,
      "see git branch --all and git log",
    );
}

const nothing = (what: string): CliError =>
  usageError(
    what,
    "name what to review with --base, --commit or --instructions",
  );
