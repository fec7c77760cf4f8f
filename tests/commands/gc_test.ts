import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { tryTakeLock } from "../../assets/lib/system/lock.ts";
import { makeTurnIn } from "../faults/held_turn.ts";
import { BOUND_BY_MODES, chatIn } from "../faults/under.ts";
import { traced } from "../faults/strace.ts";
import { CHAT, openLab, seedPermissions, until } from "../lab.ts";
import { idAt } from "../turns/state_home.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

Deno.test("gc removes turns that are older than 7 days unless their worker lives", async () => {
  await using lab = await openLab();
  const recent = await lab.run("hello");
  const [old, young, living] = [7.1, 6.9, 30].map((daysAgo) => {
    const id = idAt(Date.now() - daysAgo * DAY_MS);
    const { paths } = makeTurnIn(lab.home.home, id);
    Deno.writeTextFileSync(paths.done, "");
    return id;
  }) as [string, string, string];
  using _held = tryTakeLock(lab.turn(living).lock)!;

  const dry = await lab.json("gc", "--dry-run", "--json");
  assertEquals([dry.removed, dry.dry_run], [[old], true]);
  assert(dry.bytes > 100);
  // newcomer C5: which, and how much.
  Deno.writeTextFileSync(lab.turn(old).prompt, "Long ago");
  Deno.writeTextFileSync(lab.turn(old).log, "x".repeat(2_500_000));
  const name = old.slice(-8);
  assertEquals(
    (await lab.chat(["gc", "--dry-run"])).stdout,
    `turn ${name} "Long ago", 7 d ago, 2.5 MB\nWould remove 1 turn (2.5 MB), 3 stay\n`,
  );
  assertEquals(lab.turnIds().length, 4);
  const swept = await lab.json("gc", "--json");
  const { schema_version, removed, kept } = swept;
  assertEquals([schema_version, removed, kept], [1, [old], 3]);
  assertEquals(lab.turnIds(), [living, young, recent].sort());
  const none = await lab.chat(["gc", "--days", "0"]);
  assertEquals(none.code, 0);
  assertMatch(none.stdout, /^Removed 2 turns \(0\.\d MB\), 1 stay\n$/);
  assertEquals(lab.turnIds(), [living]);
});

Deno.test("newcomer C5: gc TURN removes the turns that are named, at once, but none that runs", async () => {
  await using lab = await openLab();
  const [one, two] = [await lab.run("one"), await lab.run("two")];
  const running = await lab.start("play hang");
  const refused = await lab.chat(["gc", one, running]);
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertStringIncludes(refused.stderr, `cancel ${running}`);
  assertEquals((await lab.chat(["gc", "--days", "1", one])).code, 2);
  const dry = await lab.json("gc", "--json", "--dry-run", one.slice(-8));
  assertEquals([dry.removed, dry.kept], [[one], 2]);
  assertEquals(lab.turnIds(), [one, two, running]);
  assertMatch(
    (await lab.chat(["gc", one.slice(-8), two, two])).stdout,
    /^Removed 2 turns \(\d+\.\d MB\), 1 stay\n$/,
  );
  assertEquals(lab.turnIds(), [running]);
});

Deno.test("D24 review A6: a turn that cannot be removed stops neither the others nor setup, and is told", async () => {
  await using lab = await openLab();
  const oldTurn = (days: number) => {
    const turn = lab.turn(idAt(Date.now() - days * DAY_MS));
    Deno.mkdirSync(turn.control, { recursive: true });
    return turn.dir;
  };
  const [busy, foreign, unread] = [oldTurn(20), oldTurn(12), oldTurn(10)];
  const [before, behind] = [oldTurn(30), oldTurn(8)];
  Deno.writeTextFileSync(`${foreign}/control/x`, "");
  Deno.writeTextFileSync(`${unread}/lock`, "", { mode: 0o000 });
  for (const path of [foreign, `${foreign}/control`]) {
    Deno.chmodSync(path, 0o700);
    Deno.chownSync(path, 65534, 65534);
  }
  const busyMount = [
    ...["unshare", "-m", "sh", "-c"],
    ...[`mount --bind '${busy}' '${busy}' && exec "$@"`, "sh"],
    ...BOUND_BY_MODES,
  ];
  const gc = await chatIn(lab, ["gc", "--json"], { under: busyMount });
  assertEquals(gc.code, 0, gc.stderr);
  const { removed, refused } = JSON.parse(gc.stdout);
  const ids = [behind, before].map((dir) => dir.split("/").at(-1));
  assertEquals(removed, ids);
  assertEquals(
    refused.map(({ path }: { path: string }) => path).toSorted(),
    [busy, foreign, unread].toSorted(),
  );
  for (const { path, reason } of refused) {
    assertStringIncludes(gc.stderr, `${path} cannot be removed: ${reason}`);
  }
  assert(!/os error/.test(gc.stderr), gc.stderr);
  const again = await chatIn(lab, ["gc"], { under: busyMount });
  assertEquals(again.code, 0, "what a refused removal left is no trouble");
  assertMatch(again.stdout, /^Removed 0 turns .*, 3 refused\n$/);
  const setup = await chatIn(lab, ["setup", "--codex", lab.codex, "--json"], {
    under: busyMount,
  });
  assertEquals(setup.code, 0, setup.stderr);
  assertEquals(
    JSON.parse(setup.stdout).warnings.filter((note: string) =>
      note.includes("cannot be removed")
    ).length,
    3,
  );
});

Deno.test("the first worker of a day sweeps, and a half-made turn of a killed new goes too", async () => {
  await using lab = await openLab();
  const turns = join(lab.home.home, ".codex-server/turns");
  Deno.mkdirSync(turns, { recursive: true, mode: 0o700 });
  const half = join(turns, `.new-${idAt(Date.now())}`);
  Deno.mkdirSync(half);
  const longAgo = new Date(Date.now() - DAY_MS);
  Deno.utimeSync(half, longAgo, longAgo);
  const old = idAt(Date.now() - 8 * DAY_MS);
  Deno.mkdirSync(lab.turn(old).dir);
  await lab.run("hello");
  await lab.json("list-turns");
  await until(() => lab.turnIds().length === 1, "the sweep");
  const left = Array.from(Deno.readDirSync(turns), ({ name }) => name);
  assert(!left.includes(half) && left.length === 1, left.join(" "));
});

Deno.test("D13 two sweeps at once: one does it, the other says so", async () => {
  await using lab = await openLab();
  const recent = await lab.run("hello");
  const old = idAt(Date.now() - 8 * DAY_MS);
  Deno.mkdirSync(lab.turn(old).dir);
  const turns = join(lab.home.home, ".codex-server/turns");
  const graves = () =>
    Array.from(Deno.readDirSync(turns), ({ name }) => name)
      .filter((name) => name.startsWith(".gone-"));
  // The first one halts for a while when it is about to remove what it has put aside.
  const first = traced(
    [
      ...[Deno.execPath(), "run", "-q", "--no-prompt"],
      ...seedPermissions(lab.codex),
      ...[CHAT, "gc", "--json"],
    ],
    {
      ...{ cwd: lab.repo, env: lab.env },
      inject: "unlinkat:delay_enter=3s:when=1",
    },
  );
  await until(() => graves().length > 0, "the first to be at work");
  const second = await lab.json("gc", "--json");
  assertEquals([second.skipped, second.removed], [true, []]);
  const { removed, skipped } = JSON.parse((await first).stdout);
  assertEquals([removed, skipped], [[old], false]);
  assertEquals(lab.turnIds(), [recent]);
});
