import { assertEquals } from "@std/assert";
import type { PendingRequest } from "../../assets/lib/events/thread_event.ts";
import { readPending, writePending } from "../../assets/lib/turns/pending.ts";
import { lstatIfExists } from "../../assets/lib/system/files.ts";
import { makeTurn, withHome } from "./state_home.ts";

const REQUEST: PendingRequest = {
  id: "r1",
  expires_at: "2026-01-01T00:05:00.000Z",
  kind: "files",
  changes: [{ path: "a.txt", kind: "add" }],
  cwd: null,
  reason: null,
};

Deno.test(
  "what waits is read as it was written, and replaced as a whole",
  withHome(() => {
    const { paths } = makeTurn();
    assertEquals(readPending(paths), []);
    const both = [REQUEST, { ...REQUEST, id: "r2" }];
    writePending(paths, both);
    assertEquals(readPending(paths), both);
    assertEquals(Deno.statSync(paths.pending).mode! & 0o777, 0o600);
    writePending(paths, []);
    assertEquals(readPending(paths), []);
    assertEquals(lstatIfExists(paths.pending), null);
  }),
);

Deno.test(
  "what the worker of an earlier version keeps in control/ is read",
  withHome(() => {
    const { paths } = makeTurn();
    const list = JSON.stringify([REQUEST]);
    Deno.writeTextFileSync(`${paths.control}/pending.json`, list);
    assertEquals(readPending(paths), [REQUEST]);
  }),
);

Deno.test(
  "a list that is none counts as empty",
  withHome(() => {
    const { paths } = makeTurn();
    for (const content of ["", "[{", "null", "{}", '"r1"']) {
      Deno.writeTextFileSync(paths.pending, content);
      assertEquals(readPending(paths), [], content);
    }
  }),
);
