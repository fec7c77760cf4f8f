/** What a killed setup leaves behind. The next setup removes it first, under the setup lock. */
import { entriesOf, removeIfExists } from "../system/files.ts";
import { stateRoot } from "../system/paths.ts";

/** The beginning of the name of an incomplete directory. */
export const MAKING = ".new-";
/** The beginning of the name of a link that is about to become `lib`. */
export const LINKING = ".lib-";

/** Directory below the state root → whether a name in it is one that only a killed setup leaves. */
const LEFTOVERS: Record<string, (name: string) => boolean> = {
  "": (name) =>
    name.startsWith(LINKING) || /^config\.json\..*\.tmp$/.test(name),
  "bin": (name) => name.endsWith(".tmp"),
  "libs": (name) => name.startsWith(MAKING),
  "codex": (name) => name.startsWith(MAKING),
};

/** Removes it. The setup lock must be held. */
export function removeLeftovers(): void {
  for (const [below, isLeft] of Object.entries(LEFTOVERS)) {
    const dir = `${stateRoot()}/${below}`;
    for (const { name } of entriesOf(dir)) {
      if (!isLeft(name)) continue;
      try {
        removeIfExists(`${dir}/${name}`);
      } catch {
        // It does no harm.
      }
    }
  }
}
