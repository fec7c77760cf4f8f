import { assertEquals } from "@std/assert";
import { diffsOf } from "../../assets/lib/codex/file_changes.ts";
import { patchOf } from "../../assets/lib/render/patch.ts";

/** The answer of git in `cwd`, with `input` on stdin. */
async function git(cwd: string, args: string[], input = ""): Promise<string> {
  const child = new Deno.Command("git", {
    args,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(text(stderr));
  return text(stdout);
}

Deno.test("newcomer A3: git applies the patch of what waits, whatever the names", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await git(cwd, ["init", "-q"]);
    const odd = 'odd "name"\twith\\more.txt';
    Deno.writeTextFileSync(`${cwd}/up.txt`, "a\nb\nc\n");
    Deno.writeTextFileSync(`${cwd}/mv.txt`, "x\ny");
    Deno.writeTextFileSync(`${cwd}/gone.txt`, "gone\nfor good\n");
    const patch = patchOf(
      diffsOf([
        {
          path: `${cwd}/gone.txt`,
          kind: { type: "delete" },
          diff: "gone\nfor good\n",
        },
        {
          path: `${cwd}/mv.txt`,
          kind: { type: "update", move_path: `${cwd}/sub/to.txt` },
          diff:
            `@@ -1,2 +1,2 @@\n-x\n+X\n y\n\\ No newline at end of file\n\n\nMoved to: ${cwd}/sub/to.txt`,
        },
        { path: `${cwd}/${odd}`, kind: { type: "add" }, diff: "one\ntwo" },
        { path: `${cwd}/empty.txt`, kind: { type: "add" }, diff: "" },
        {
          path: `${cwd}/up.txt`,
          kind: { type: "update", move_path: null },
          diff: "@@ -1,3 +1,4 @@\n a\n-b\n+B\n+B2\n c\n",
        },
      ]),
      cwd,
    );
    await git(cwd, ["apply", "-"], patch);
    const read = (name: string) => Deno.readTextFileSync(`${cwd}/${name}`);
    assertEquals(read("up.txt"), "a\nB\nB2\nc\n");
    assertEquals(read("sub/to.txt"), "X\ny");
    assertEquals(read(odd), "one\ntwo");
    assertEquals(read("empty.txt"), "");
    assertEquals(
      Array.from(Deno.readDirSync(cwd), ({ name }) => name).sort(),
      [".git", "empty.txt", odd, "sub", "up.txt"].sort(),
    );
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("a file outside of the turn's directory is named whole", () => {
  assertEquals(
    patchOf([{
      path: "/etc/hosts",
      kind: "update",
      diff: "@@ -1 +1 @@\n-a\n+b",
    }], "/w"),
    "diff --git /etc/hosts /etc/hosts\n--- /etc/hosts\n+++ /etc/hosts\n@@ -1 +1 @@\n-a\n+b\n",
  );
});
