/** The files of a turn directory. The names are a contract: scripts read them. */

export interface TurnPaths {
  dir: string;
  prompt: string;
  meta: string;
  events: string;
  out: string;
  result: string;
  done: string;
  error: string;
  lock: string;
  control: string;
  /** The request to cancel. */
  cancel: string;
  /** What codex asks; only while it asks. */
  pending: string;
  schema: string;
  log: string;
  diff: string;
  rpc: string;
}

/** Where the files of the turn in `dir` are. */
export const turnPaths = (dir: string): TurnPaths => ({
  dir,
  prompt: `${dir}/prompt.txt`,
  meta: `${dir}/meta.json`,
  events: `${dir}/events.jsonl`,
  out: `${dir}/out.txt`,
  result: `${dir}/result.json`,
  done: `${dir}/done`,
  error: `${dir}/error`,
  lock: `${dir}/lock`,
  control: `${dir}/control`,
  cancel: `${dir}/control/cancel`,
  pending: `${dir}/pending.json`,
  schema: `${dir}/schema.json`,
  log: `${dir}/worker.log`,
  diff: `${dir}/diff.patch`,
  rpc: `${dir}/rpc.jsonl`,
});
