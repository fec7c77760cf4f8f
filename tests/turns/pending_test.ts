import { assertEquals } from "@std/assert";
import type { PendingRequest } from "../../assets/lib/events/thread_event.ts";
import { readPending, writePending } from "../../assets/lib/turns/pending.ts";
import { makeTurn, withHome } from "./state_home.ts";

const REQUEST: PendingRequest = {
  id: "r1",
  expires_at: "2026-01-01T00:05:00.000Z",
  kind: "files",
  changes: [{ path: "a.txt", kind: "add" }],
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
    writePending(paths, []);
    assertEquals(readPending(paths), []);
    const path = `${paths.control}/pending.json`;
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
  }),
);

for (const content of ["", "[{", "null", "{}", '"r1"']) {
  Deno.test(
    `a list that reads ${JSON.stringify(content)} counts as empty`,
    withHome(() => {
      const { paths } = makeTurn();
      Deno.writeTextFileSync(`${paths.control}/pending.json`, content);
      assertEquals(readPending(paths), []);
    }),
  );
}
