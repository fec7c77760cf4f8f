import { assertEquals } from "@std/assert";
import { stateRoot } from "../../assets/lib/system/paths.ts";
import { findNewest, findTurn } from "../../assets/lib/turns/find.ts";
import { guardLabels } from "../../assets/lib/turns/labels.ts";
import type { TurnMeta } from "../../assets/lib/turns/meta.ts";
import { makeTurn, withHome } from "./state_home.ts";

const one = (turnId: string) => ({ kind: "one" as const, turnId });

/** A turn that runs in `repository` and was started from there. */
const turnOf = (repository: string, change: Partial<TurnMeta> = {}) =>
  makeTurn({ repository, called_from: repository, ...change }).turnId;

Deno.test(
  "a turn is found by its id, a unique beginning or end, and the newest with a label",
  withHome(() => {
    const a = turnOf("/a", {
      turn_id: "01a1fe8e-d5c8-77c3-a907-824799b88933",
      label: "job",
    });
    const b = turnOf("/a", {
      turn_id: "01a1fe8f-0000-7000-8000-00000000beef",
      label: "job",
    });
    const find = (reference: string) => findTurn(reference, "/a");
    assertEquals(find(a), one(a));
    assertEquals(find("01a1fe8e"), one(a));
    assertEquals(find("beef"), one(b));
    assertEquals(find("job"), one(b));
    assertEquals(find("01a").kind, "many");
    assertEquals(find("dead").kind, "none");
    assertEquals(find("01a1fe8e-d5c8-77c3-a907-000000000000").kind, "none");
  }),
);

Deno.test(
  "newcomer A7: without a name a turn of an older library, which knew no repository, is found by its directory",
  withHome(() => {
    assertEquals(findNewest("/c").kind, "none");
    const { turnId, paths } = makeTurn();
    const { repository: _, called_from: __, ...old } = JSON.parse(
      Deno.readTextFileSync(paths.meta),
    );
    Deno.writeTextFileSync(paths.meta, JSON.stringify({ ...old, cwd: "/c" }));
    assertEquals(findNewest("/c"), one(turnId));
  }),
);

Deno.test(
  "review A4: an old label that looks like a part of an id never leads to another turn in silence",
  withHome(() => {
    const other = turnOf("/a", {
      turn_id: "01a1fe8e-d5c8-77c3-a907-82479999cafe",
    });
    const named = turnOf("/a", { label: "cafe" });
    assertEquals(findTurn("cafe", "/a"), {
      kind: "many",
      turnIds: [other, named],
    });
    assertEquals(findTurn("cafe", "/b"), one(other));
    const alone = turnOf("/a", { label: "add" });
    assertEquals(findTurn("add", "/a"), one(alone));
    // Since no such label is given any more, only older turns are read for one.
    guardLabels();
    const lock = `${stateRoot()}/labels.lock`;
    Deno.utimeSync(lock, 0, 0);
    assertEquals(findTurn("cafe", "/a"), one(other));
  }),
);

Deno.test(
  "newcomer C5: what is too short for a part of an id is called so",
  withHome(() => {
    turnOf("/a");
    for (const text of ["0", "01"]) {
      assertEquals(findTurn(text, "/a").kind, "short", text);
    }
    const old = turnOf("/a", { label: "a1" });
    assertEquals(findTurn("a1", "/a"), one(old));
  }),
);

Deno.test("what could be a path or hides something is malformed", () => {
  // Any other character: find_property_test.ts.
  for (const text of ["", ".", "..", "-x", ".hidden", "x".repeat(65)]) {
    assertEquals(findTurn(text, "/a").kind, "malformed", JSON.stringify(text));
  }
});
