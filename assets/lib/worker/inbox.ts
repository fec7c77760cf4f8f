/** Listening to the turn's `control/` directory while the worker runs. */
import { lstatIfExists } from "../system/files.ts";
import { ChangeWatcher } from "../system/watch.ts";
import { isCancelRequested } from "../turns/control.ts";
import type { TurnPaths } from "../turns/layout.ts";
import type { Stopper } from "./stop.ts";

/** Stops the turn when somebody asks for it, or when its directory is taken away. */
export function watchInbox(paths: TurnPaths, stopper: Stopper): Disposable {
  const watcher = new ChangeWatcher(paths.control);
  let open = true;
  (async () => {
    while (open && !stopper.reason) {
      if (isCancelRequested(paths)) {
        stopper.stop({ code: "cancelled", message: "The turn was cancelled" });
      } else if (!lstatIfExists(paths.dir)) {
        stopper.stop({
          code: "gone",
          message: "The turn's directory was removed",
        });
      }
      await watcher.next();
    }
    watcher[Symbol.dispose]();
  })();
  return {
    [Symbol.dispose]() {
      open = false;
      watcher[Symbol.dispose]();
    },
  };
}
