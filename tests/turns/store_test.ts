import { assert, assertEquals, assertThrows } from "@std/assert";
import { turnsDir } from "../../assets/lib/system/paths.ts";
import { markersOf, setMarker } from "../../assets/lib/turns/markers.ts";
import {
  listTurnIds,
  pathsOf,
  readMeta,
  removeTurn,
  turnExists,
  writeMeta,
} from "../../assets/lib/turns/store.ts";
import {
  isCancelRequested,
  requestCancel,
} from "../../assets/lib/turns/control.ts";
import { makeTurn, withHome } from "./state_home.ts";

Deno.test(
  "a turn is made whole, private, and read back",
  withHome(() => {
    const { turnId, paths } = makeTurn({ label: "x" }, { prompt: "é\n" });
    for (const path of [paths.prompt, paths.meta, paths.events, paths.out]) {
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    }
    assertEquals(Deno.statSync(paths.dir).mode! & 0o777, 0o700);
    assertEquals(Deno.readTextFileSync(paths.prompt), "é\n");
    const reading = readMeta(paths);
    assert(reading.kind === "ok" && reading.meta.label === "x");
    writeMeta(paths, { ...reading.meta, pid: 77 });
    const again = readMeta(paths);
    assert(again.kind === "ok" && again.meta.pid === 77);
    assertEquals(listTurnIds(), [turnId]);
    removeTurn(turnId);
    assert(!turnExists(turnId));
    assertEquals(Array.from(Deno.readDirSync(turnsDir())).length, 0);
    removeTurn(turnId);
  }),
);

Deno.test(
  "a turn that could not be made leaves nothing, and an id is used once",
  withHome(() => {
    const { turnId } = makeTurn();
    assertThrows(() => makeTurn({ turn_id: turnId }));
    assertEquals(
      Array.from(Deno.readDirSync(turnsDir()), ({ name }) => name),
      [turnId],
    );
  }),
);

Deno.test("no path is built from what is not a turn id", () => {
  for (const text of ["", "..", "../x", "a/b"]) {
    assertThrows(() => pathsOf(text), TypeError);
  }
});

Deno.test(
  "ids are listed newest first, and whatever else lies there is passed over",
  withHome(() => {
    const old = makeTurn({}, { agoMs: 5000 }).turnId;
    const young = makeTurn().turnId;
    Deno.mkdirSync(`${turnsDir()}/.new-x`);
    Deno.mkdirSync(`${turnsDir()}/notes`);
    Deno.writeTextFileSync(`${turnsDir()}/README`, "");
    assertEquals(listTurnIds(), [young, old]);
  }),
);

Deno.test(
  "the first marker wins, and both are never set",
  withHome(() => {
    const { paths } = makeTurn();
    assertEquals(markersOf(paths), { done: false, error: false });
    assert(setMarker(paths, "error"));
    assert(!setMarker(paths, "done"));
    assert(!setMarker(paths, "error"));
    assertEquals(markersOf(paths), { done: false, error: true });
    assertEquals(Deno.statSync(paths.error).size, 0);
  }),
);

Deno.test(
  "asking twice to cancel is asking once",
  withHome(() => {
    const { paths } = makeTurn();
    assert(!isCancelRequested(paths));
    requestCancel(paths);
    requestCancel(paths);
    assert(isCancelRequested(paths));
  }),
);

Deno.test(
  "a meta.json that is missing, a directory, huge or a link to nowhere is corrupt",
  withHome(() => {
    const { paths } = makeTurn();
    const corrupt = () => assertEquals(readMeta(paths).kind, "corrupt");
    Deno.removeSync(paths.meta);
    corrupt();
    Deno.mkdirSync(paths.meta);
    corrupt();
    Deno.removeSync(paths.meta);
    Deno.symlinkSync("/nowhere", paths.meta);
    corrupt();
    Deno.removeSync(paths.meta);
    Deno.writeTextFileSync(paths.meta, " ".repeat(2 << 20));
    corrupt();
  }),
);
