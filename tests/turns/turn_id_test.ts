import { assert, assertEquals } from "@std/assert";
import {
  isTurnId,
  newTurnId,
  turnIdTime,
} from "../../assets/lib/turns/turn_id.ts";

Deno.test("C3 ids made in one process are distinct and ascend, even within a millisecond and when the clock goes back", () => {
  const now = Date.now();
  const ids = Array.from(
    { length: 10_000 },
    (_, index) => newTurnId(now - (index % 3) * 1000),
  );
  assertEquals(ids, ids.toSorted());
  assertEquals(new Set(ids).size, ids.length);
  assert(ids.every(isTurnId));
});

Deno.test("an id tells when it was made", () => {
  const later = Date.now() + 60_000;
  assertEquals(turnIdTime(newTurnId(later)), later);
  assertEquals(
    turnIdTime("01a1fe8e-d5c8-77c3-a907-824799b88933"),
    0x01a1fe8ed5c8,
  );
});

Deno.test("nothing but a UUIDv7 in lower case is a turn id", () => {
  const id = "01a1fe8e-d5c8-77c3-a907-824799b88933";
  assert(isTurnId(id));
  for (
    const other of [
      "",
      id.toUpperCase(),
      `${id}\n`,
      `\n${id}`,
      ` ${id}`,
      `${id}/..`,
      id.slice(1),
      id.replace("-7", "-4"),
      id.replace("-a", "-c"),
      id.replaceAll("-", ""),
      "../../etc/passwd",
      ".",
    ]
  ) assert(!isTurnId(other), JSON.stringify(other));
});
