import { until } from "../lab.ts";

/** Removes a directory in which somebody may still be making files. */
export const removeInUse = (dir: string): Promise<void> =>
  until(() => {
    try {
      Deno.removeSync(dir, { recursive: true });
      return true;
    } catch {
      return false;
    }
  }, `${dir} to be removed`);
