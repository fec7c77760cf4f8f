import { assertEquals, assertMatch } from "@std/assert";
import {
  BOUND_BY_MODES,
  chatIn,
  runIn,
  withReadOnly,
} from "../faults/under.ts";
import { openLab } from "../lab.ts";

/** A user that is not the one of the tests. */
const OTHER = 65534;

Deno.test("D26 a ~/.codex that is read-only, closed, foreign, missing or a file is named, with what mends it", async () => {
  await using lab = await openLab();
  const { codexHome: home } = lab.home;
  const bound = [...BOUND_BY_MODES];
  const said = async (under: string[], engine = "auto") => {
    const args = ["new", "--json", "--wait", "--engine", engine, "hello"];
    const { code, stdout, stderr } = await chatIn(lab, args, { under });
    // A turn's error lies in its result; a refusal is alone on stderr.
    const { error } = JSON.parse(stdout || stderr);
    return { ...error, exit: code };
  };
  for (const engine of ["auto", "sdk"]) {
    const { exit, code, message, hint } = await said(
      withReadOnly(home),
      engine,
    );
    assertEquals([exit, code], [1, "permission_denied"]);
    assertEquals(message, `Codex cannot write to ${home}: it is read-only`);
    assertMatch(hint, /CODEX_HOME/);
  }
  /** Takes the mend out of a hint, and does it. */
  const mend = async (hint: string) => {
    const [, command] = hint.match(
      /: (?:sudo )?((?:chmod|chown|mv|rm|mkdir)[^:;]*)/,
    )!;
    const { code, stderr } = await runIn(lab, ["sh", "-c", command!]);
    assertEquals(code, 0, stderr);
  };
  Deno.chmodSync(home, 0o500);
  const closed = await said(bound);
  assertMatch(closed.message, /cannot write to .*: it does not permit it$/);
  await mend(closed.hint);
  for (
    const [spoil, hint] of [
      [() => Deno.chmodSync(home, 0o000), /^let yourself in: chmod -R/],
      [() => Deno.chmodSync(`${home}/auth.json`, 0o000), /chmod -R u\+rwX/],
      [() => {
        Deno.chownSync(home, OTHER, OTHER);
        Deno.chmodSync(home, 0o700);
      }, /^make it your own: sudo chown -R/],
    ] as const
  ) {
    spoil();
    const refused = await said(bound);
    assertEquals([refused.exit, refused.code], [2, "not_logged_in"]);
    assertMatch(refused.message, /auth\.json: Permission denied$/);
    assertMatch(refused.hint, hint);
    await mend(refused.hint);
  }
  const well = await chatIn(lab, ["new", "--wait", "hello"], { under: bound });
  assertEquals(well.code, 0, "everything was mended by what the hints say");
  Deno.renameSync(home, `${home}.away`);
  assertMatch((await said([])).hint, /`codex login`/);
  Deno.writeTextFileSync(home, "");
  await mend((await said([])).hint);
  assertMatch((await said([])).hint, /`codex login`/);
});
