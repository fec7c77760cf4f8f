import { assertEquals } from "@std/assert";
import { shellWord } from "../../assets/lib/system/shell_word.ts";

Deno.test("a path is one word to the shell, and plain where it can be", async () => {
  assertEquals(shellWord("/home/you/a-b_c.1@2"), "/home/you/a-b_c.1@2");
  const odd = ["", "~/x", "it's", '"a b"', "$HOME `id` \\", "a\nb", "é*?#;&"];
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `printf '%s\\0' ${odd.map(shellWord).join(" ")}`],
  }).output();
  assertEquals(new TextDecoder().decode(stdout).split("\0"), [...odd, ""]);
});
