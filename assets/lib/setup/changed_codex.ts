/** Whether a pinned codex whose size, time or inode changed is still the same program. */
import { fingerprintOf, type InstallConfig } from "../codex/install_config.ts";
import { readTextIfExists, replaceFile } from "../system/files.ts";
import { stateRoot } from "../system/paths.ts";
import { fileDigest } from "./digest.ts";

/** The digest that was taken last, and of what: it takes a second, so it is taken once. */
const notePath = (): string => `${stateRoot()}/codex-digest`;

/**
 * Whether the pinned codex has other content than setup saw. A file that was only copied
 * or touched has not. Where setup took no digest, a change of the outside counts.
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
