import { assertEquals } from "@std/assert";
import { findNewest, findTurn } from "../../assets/lib/turns/find.ts";
import { makeTurn, withHome } from "./state_home.ts";

Deno.test(
  "a turn is found by its id, a unique beginning or end, and the newest with a label",
  withHome(() => {
    const a = makeTurn({
      turn_id: "01a1fe8e-d5c8-77c3-a907-824799b88933",
      label: "job",
      cwd: "/a",
    });
    const b = makeTurn({
      turn_id: "01a1fe8f-0000-7000-8000-00000000beef",
      label: "job",
      cwd: "/b",
    });
    const one = (turnId: string) => ({ kind: "one" as const, turnId });
    assertEquals(findTurn(a.turnId), one(a.turnId));
    assertEquals(findTurn("01a1fe8e"), one(a.turnId));
    assertEquals(findTurn("beef"), one(b.turnId));
    assertEquals(findTurn("job"), one(b.turnId));
    assertEquals(findTurn("01a").kind, "many");
    assertEquals(findTurn("01").kind, "none");
    assertEquals(findTurn("dead").kind, "none");
    assertEquals(findTurn("01a1fe8e-d5c8-77c3-a907-000000000000").kind, "none");
    assertEquals(findNewest("/a"), one(a.turnId));
    assertEquals(findNewest("/c").kind, "none");
  }),
);

Deno.test(
  "a label that looks like a part of an id is found where no id has it",
  withHome(() => {
    const { turnId } = makeTurn({ label: "cafe" });
    assertEquals(findTurn("cafe"), { kind: "one", turnId });
  }),
);

Deno.test("what could be a path or hides something is malformed", () => {
  for (
    const text of [
      "",
      ".",
      "..",
      "../x",
      "/x",
      "a/b",
      "a b",
      "a\n",
      "-x",
      ".hidden",
      "é",
      "x".repeat(65),
      "%2e%2e/",
      "a\u0000",
    ]
  ) assertEquals(findTurn(text).kind, "malformed", JSON.stringify(text));
});
