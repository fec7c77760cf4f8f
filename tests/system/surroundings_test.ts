import { assertEquals, assertMatch } from "@std/assert";
import { chatIn } from "../faults/under.ts";
import { openLab } from "../lab.ts";

Deno.test("bug 17: a HOME or directory that cannot be used is the caller's to mend, and the line says how", async () => {
  await using lab = await openLab();
  const turnId = await lab.run("hello");
  const refused = async (
    args: string[],
    options: Parameters<typeof chatIn>[2],
  ) => {
    const { code, stdout, stderr } = await chatIn(lab, args, options);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, /^codex-server: [^\n]+ — [^\n]+\n$/);
    return stderr;
  };
  for (const home of ["", "relative/home"]) {
    for (const args of [["status"], ["new", "hi"], ["gc"]]) {
      const line = await refused(args, { env: { HOME: home } });
      assertMatch(line, /HOME .* — set HOME to your home directory/);
    }
  }
  const odd = {
    under: [
      "bash",
      "-c",
      `d=$(printf '%s/odd\\377' '${lab.repo}'); mkdir -p "$d"; cd "$d"; exec "$@"`,
      "",
    ],
  };
  for (
    const args of [["status"], ["new", "hi"], ["list", "--here"], ["cancel"]]
  ) {
    const line = await refused(args, odd);
    assertMatch(line, /not UTF-8 — rename it, or call from another one/);
  }
  // What says where it is meant needs no directory.
  assertEquals((await chatIn(lab, ["status", turnId], odd)).code, 0);
  const there = ["new", "--wait", "--cwd", lab.repo, "hi"];
  assertEquals((await chatIn(lab, there, odd)).code, 0);
});
