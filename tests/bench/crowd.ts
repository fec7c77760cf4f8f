/** A thousand turns and ten thousand sessions, made after real ones. */

import { dirname, join } from "@std/path";
import { newTurnId } from "../../assets/lib/turns/turn_id.ts";
import type { Lab } from "../lab.ts";

/** Between two turns or sessions, in ms: all of them are a few days old at most. */
const APART_MS = 60_000;

/** Copies the finished turn `turnId` until there are `count` turns. */
export function crowdTurns(lab: Lab, turnId: string, count: number): void {
  const template = lab.turn(turnId).dir;
  const files = Array.from(Deno.readDirSync(template))
    .filter(({ isFile }) => isFile)
    .map(({ name }) => ({
      name,
      text: Deno.readTextFileSync(join(template, name)),
    }));
  const now = Date.now();
  for (let i = count - lab.turnIds().length; i > 0; i -= 1) {
    const id = newTurnId(now - i * APART_MS);
    const dir = lab.turn(id).dir;
    Deno.mkdirSync(join(dir, "control"), { recursive: true, mode: 0o700 });
    for (const { name, text } of files) {
      Deno.writeTextFileSync(join(dir, name), text.replaceAll(turnId, id), {
        mode: 0o600,
      });
    }
  }
}

/** One session among many, whose place in their order by time can be chosen. */
export interface Session {
  threadId: string;
  /** Makes it the session that was written last, or the one that has rested longest. */
  touch(age: "newest" | "oldest"): void;
}

/**
 * Surrounds the session of `threadId` with others of directories elsewhere until there are `count`, each with the
 * first line that codex wrote into the real one.
 */
export function crowdSessions(
  lab: Lab,
  threadId: string,
  count: number,
): Session {
  const sessions = join(lab.home.codexHome, "sessions");
  const path = findSession(sessions, threadId);
  const [firstLine] = Deno.readTextFileSync(path).split("\n", 1);
  const now = Date.now();
  for (let i = 1; i < count; i += 1) {
    const at = now - i * APART_MS;
    const id = newTurnId(at);
    const iso = new Date(at).toISOString();
    const [day, time] = [iso.slice(0, 10), iso.slice(0, 19)];
    const file = join(
      sessions,
      day.replaceAll("-", "/"),
      `rollout-${time.replaceAll(":", "-")}-${id}.jsonl`,
    );
    Deno.mkdirSync(dirname(file), { recursive: true });
    const line = firstLine!.replaceAll(threadId, id)
      .replaceAll(JSON.stringify(lab.repo), JSON.stringify(elsewhere(i)));
    Deno.writeTextFileSync(file, `${line}\n`);
    Deno.utimeSync(file, new Date(at), new Date(at));
  }
  return {
    threadId,
    touch(age) {
      const when = age === "newest" ? new Date() : new Date(0);
      Deno.utimeSync(path, when, when);
    },
  };
}

const elsewhere = (i: number): string => `/home/someone/project-${i % 40}`;

function findSession(dir: string, threadId: string): string {
  const found = walk(dir).find((path) => path.endsWith(`${threadId}.jsonl`));
  if (found === undefined) throw new Error(`No session of thread ${threadId}`);
  return found;
}

function walk(dir: string): string[] {
  return Array.from(Deno.readDirSync(dir)).flatMap(({ name, isDirectory }) =>
    isDirectory ? walk(join(dir, name)) : [join(dir, name)]
  );
}
