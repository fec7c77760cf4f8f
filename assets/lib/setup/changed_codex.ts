/** Whether a pinned codex whose size, time or inode changed is still the same program. */
import { fingerprintOf, type InstallConfig } from "../codex/install_config.ts";
import { readTextIfExists, replaceFile } from "../system/files.ts";
import { stateRoot } from "../system/paths.ts";
import { fileDigest } from "./digest.ts";

/** The last computed digest, and its file: computing takes a second, so it is cached. */
const notePath = (): string => `${stateRoot()}/codex-digest`;

/**
 * Whether the content of the pinned codex differs from setup's. That of a file only
 * copied or touched does not. Where setup took no digest, it counts as different.
 */
export async function hasOtherContent(
  { codex_path: path, codex_sha256: pinned }: InstallConfig,
): Promise<boolean> {
  if (!pinned) return true;
  const look = JSON.stringify([path, fingerprintOf(Deno.statSync(path))]);
  const [known, digest] = readTextIfExists(notePath())?.split("\n") ?? [];
  if (known === look && digest) return digest !== pinned;
  const now = await fileDigest(path);
  replaceFile(notePath(), `${look}\n${now}\n`);
  return now !== pinned;
}
