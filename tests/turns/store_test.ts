import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { turnsDir } from "../../assets/lib/system/paths.ts";
import { markersOf, setMarker } from "../../assets/lib/turns/markers.ts";
import {
  createTurn,
  leftovers,
  listTurnIds,
  pathsOf,
  promptBeginning,
  readMeta,
  removeTurn,
  turnExists,
  writeMeta,
} from "../../assets/lib/turns/store.ts";
import { makeTurn, META, withHome } from "./state_home.ts";

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

Deno.test(
  "the beginning of a prompt is cut between two characters, and empty without one",
  withHome(() => {
    const { paths } = makeTurn({}, { prompt: "x" + "é".repeat(2000) });
    assertEquals(promptBeginning(paths), "x" + "é".repeat(511));
    Deno.removeSync(paths.prompt);
    assertEquals(promptBeginning(paths), "");
    Deno.writeTextFileSync(paths.prompt, "");
    assertEquals(promptBeginning(paths), "");
  }),
);

Deno.test("no path is built from what is not a turn id", () => {
  for (const text of ["", "..", "../x", "a/b"]) {
    assertThrows(() => pathsOf(text), TypeError);
  }
});

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

Deno.test(
  "a schema lies beside the prompt",
  withHome(() => {
    const { paths, turnId } = makeTurn();
    removeTurn(turnId);
    createTurn({ ...META, turn_id: turnId }, new Uint8Array(), '{"a":1}');
    assertEquals(Deno.readTextFileSync(paths.schema), '{"a":1}');
  }),
);

Deno.test(
  "where no turn can be made the reason is told, although nothing can be taken away either",
  withHome(() => {
    Deno.removeSync(turnsDir());
    Deno.writeTextFileSync(turnsDir(), "");
    assertThrows(() => makeTurn(), Deno.errors.NotADirectory);
  }),
);

Deno.test(
  "a meta.json that cannot even be looked at is corrupt, with the reason",
  withHome(() => {
    const paths = pathsOf("01a1fe8e-d5c8-77c3-a907-824799b88933");
    Deno.symlinkSync(paths.dir, paths.dir);
    const reading = readMeta(paths);
    assert(reading.kind === "corrupt");
    assertStringIncludes(reading.reason, "cannot be read");
  }),
);

Deno.test(
  "a turn that cannot be taken away is not passed over in silence",
  withHome(() => {
    const { turnId } = makeTurn();
    const { renameSync } = Deno;
    Deno.renameSync = () => {
      throw new Deno.errors.PermissionDenied("not yours");
    };
    try {
      assertThrows(() => removeTurn(turnId), Deno.errors.PermissionDenied);
    } finally {
      Deno.renameSync = renameSync;
    }
    assert(turnExists(turnId));
  }),
);

Deno.test(
  "what killed processes left goes, what may still be in the making stays",
  withHome(() => {
    const { turnId } = makeTurn();
    for (const name of [".new-a", ".new-young", ".gone-b"]) {
      Deno.mkdirSync(`${turnsDir()}/${name}`);
    }
    Deno.utimeSync(`${turnsDir()}/.new-a`, 1, 1);
    const { readDirSync } = Deno;
    const gone = {
      name: ".new-c",
      isDirectory: true,
      isFile: false,
      isSymlink: false,
    };
    // One that another sweep takes away right after it was listed.
    Deno.readDirSync = (path) => [...readDirSync(path), gone].values();
    try {
      leftovers(2000).forEach(({ remove }) => remove());
    } finally {
      Deno.readDirSync = readDirSync;
    }
    const left = Array.from(Deno.readDirSync(turnsDir()), ({ name }) => name);
    assertEquals(left.sort(), [".new-young", turnId]);
  }),
);

Deno.test(
  "a marker that comes between the look and the setting is the first, and wins",
  withHome(() => {
    const { turnId, paths } = makeTurn();
    const { readDirSync } = Deno;
    Deno.readDirSync = () => [][Symbol.iterator]();
    try {
      assert(setMarker(paths, "done"));
      assert(!setMarker(paths, "done"));
    } finally {
      Deno.readDirSync = readDirSync;
    }
    removeTurn(turnId);
    assertThrows(() => setMarker(paths, "error"), Deno.errors.NotFound);
  }),
);

Deno.test(
  "a marker is set although it cannot be announced",
  withHome(() => {
    const { paths } = makeTurn();
    Deno.removeSync(paths.control);
    assert(setMarker(paths, "error"));
    assert(markersOf(paths).error);
  }),
);
