/** Turns that earlier versions of the library left: one folder for each shape, as it lay on the disk. */
import { assert, assertEquals } from "@std/assert";
import { copy } from "@std/fs/copy";
import { fromFileUrl, join } from "@std/path";
import { type Lab, openLab } from "../lab.ts";

const FIXTURES = fromFileUrl(new URL("fixtures", import.meta.url));

interface OldTurn {
  /** `schema_1/command` */
  name: string;
  dir: string;
  // deno-lint-ignore no-explicit-any
  meta: any;
  // deno-lint-ignore no-explicit-any
  result: any;
}

const oldTurns = (): OldTurn[] =>
  Array.from(Deno.readDirSync(FIXTURES)).flatMap((version) =>
    Array.from(Deno.readDirSync(join(FIXTURES, version.name)), ({ name }) => {
      const dir = join(FIXTURES, version.name, name);
      const json = (file: string) =>
        JSON.parse(Deno.readTextFileSync(join(dir, file)));
      return {
        name: `${version.name}/${name}`,
        dir,
        meta: json("meta.json"),
        result: json("result.json"),
      };
    })
  );

/** Lays a turn into the state root, private as the worker left it. */
async function place(lab: Lab, { dir, meta }: OldTurn): Promise<void> {
  const paths = lab.turn(meta.turn_id);
  Deno.mkdirSync(join(paths.dir, ".."), { recursive: true, mode: 0o700 });
  await copy(dir, paths.dir);
  Deno.chmodSync(paths.dir, 0o700);
  Deno.mkdirSync(paths.control, { mode: 0o700 });
}

const EXITS: Record<string, number> = { complete: 0, failed: 1, cancelled: 1 };

Deno.test("D25 meta.json, result.json and events.jsonl of every earlier version load", async (t) => {
  await using lab = await openLab();
  const turns = oldTurns();
  assert(turns.length >= 4, String(turns.length));
  for (const turn of turns) await place(lab, turn);
  for (const { name, dir, meta, result } of turns) {
    const id = meta.turn_id;
    await t.step(name, async () => {
      const status = await lab.json("status", id);
      assertEquals(status.state, result.status);
      assertEquals(status.thread_id, meta.thread_id);
      const waited = await lab.chat(["wait", id]);
      assertEquals(waited.code, EXITS[result.status], waited.stderr);
      const tail = await lab.chat(["tail", id]);
      assertEquals(tail.stdout, Deno.readTextFileSync(join(dir, "out.txt")));
      const told = JSON.parse(
        (await lab.chat(["result", "--json", id])).stdout,
      );
      assertEquals(told.text, result.text);
      assertEquals(told.structured, result.structured);
      assertEquals(told.error?.code, result.error?.code);
      const watched = await lab.chat(["watch", id]);
      assert(watched.stdout.includes(id.slice(-8)), watched.stdout);
    });
  }
  await t.step("all of them are listed", async () => {
    const { turns: listed } = await lab.json("list-turns");
    assertEquals(
      new Set(listed.map(({ turn_id }: { turn_id: string }) => turn_id)),
      new Set(turns.map(({ meta }) => meta.turn_id)),
    );
  });
  await t.step(
    "without the files that a newer version might look for",
    async () => {
      // What was written before result.json existed, or was lost with a full disk.
      const [turn] = turns.filter(({ result }) => result.status === "complete");
      Deno.removeSync(lab.turn(turn!.meta.turn_id).result);
      const told = await lab.json("result", "--json", turn!.meta.turn_id);
      assertEquals(told.text, turn!.result.text);
    },
  );
});
