import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openLab } from "../lab.ts";

Deno.test("newcomer A9: --network and --add-dir are taken wherever codex may write, whoever allowed it", async (t) => {
  await using lab = await openLab();
  const path = join(lab.home.codexHome, "config.toml");
  const plain = Deno.readTextFileSync(path);
  const thread = lab.result(await lab.run("hello", "--write")).thread_id;
  const cases: [name: string, args: string[], config?: string][] = [
    ["a flag", ["new", "--write"]],
    ["another flag", ["new", "--sandbox", "danger-full-access"]],
    ["--config", ["new", "--config", 'sandbox_mode="workspace-write"']],
    ["config.toml", ["new"], 'sandbox_mode = "workspace-write"'],
    ["a profile", ["new"], 'default_permissions = ":workspace"'],
    ["the thread", ["continue", "--thread", thread]],
  ];
  for (const [name, args, config = ""] of cases) {
    await t.step(name, async () => {
      Deno.writeTextFileSync(path, `${config}\n${plain}`);
      const flags = ["--network", "--add-dir", lab.home.home];
      const ran = await lab.chat([...args, ...flags, "hello"]);
      assertEquals(ran.code, 0, ran.stderr);
      await lab.chat(["cancel", JSON.parse(ran.stdout).turn_id]);
    });
  }
});
