/** `--key`: a repeated call gets the turn that the first one made. */
import {
  ensurePrivateDir,
  readTextIfExists,
  replaceFile,
} from "../system/files.ts";
import { takeLock } from "../system/lock.ts";
import { keysDir } from "../system/paths.ts";
import { inspectTurn } from "./inspect.ts";
import { turnExists } from "./store.ts";
import { isTurnId } from "./turn_id.ts";

/** A key under lock, so that two calls with the same key make one turn. */
export interface KeyClaim extends Disposable {
  /** The turn that the key made, if it still exists and had a worker or might yet get one. */
  turnId: string | null;
  /** Digest of what that turn was asked; null in the note of an older library. */
  request: string | null;
  /** Records the turn made for the key, and what it was asked. */
  record(turnId: string, request: string): void;
}

/** Claims `key` until the claim is disposed of. */
export async function claimKey(key: string): Promise<KeyClaim> {
  ensurePrivateDir(keysDir());
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(key),
  );
  const name = Array.from(
    new Uint8Array(digest),
    (b) => b.toString(16).padStart(2, "0"),
  ).join("");
  const path = `${keysDir()}/${name}`;
  const lock = await takeLock(`${keysDir()}/lock`);
  const [known = "", request] = readTextIfExists(path)?.split("\n") ?? [];
  return {
    turnId: isTurnId(known) && turnExists(known) && !neverStarted(known)
      ? known
      : null,
    request: request || null,
    record: (turnId, request) => replaceFile(path, `${turnId}\n${request}\n`),
    [Symbol.dispose]: () => lock.release(),
  };
}

/** Whether a call that was killed made the turn, but no worker for it. */
function neverStarted(turnId: string): boolean {
  const { state, meta } = inspectTurn(turnId);
  return state === "abandoned" && meta.kind === "ok" && meta.meta.pid === null;
}
