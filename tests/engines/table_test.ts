import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openLab, pinCodex } from "../lab.ts";
import { installCodex } from "../loopback/codex_binary.ts";
import { storyOf, writeSchema } from "./story.ts";
import { compareEngines, type Scenario } from "./table.ts";

/** One retry each, so that a failure is soon final. */
const ONE_RETRY = "stream_max_retries = 1\nrequest_max_retries = 1";

/** The smallest PNG. */
const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);

const ECHO: Scenario = { name: "echo", prompts: ["hello \\d+ $(x) ✓"] };
const COMMAND: Scenario = {
  name: "command",
  prompts: ["play command"],
  flags: ["--write"],
};
const FAILED: Scenario = { name: "failed", prompts: ["play failed"] };

/** Every scenario of the loopback model that ends by itself. */
const scenarios = (schema: string, image: string): Scenario[] => [
  ECHO,
  { name: "text", prompts: ["play text words=12 over=300"] },
  { name: "instant", prompts: ["play instant"] },
  { name: "reasoning", prompts: ["play reasoning"] },
  COMMAND,
  {
    name: "a command that fails",
    prompts: ["play command cmd=echo%20no%20%26%26%20false"],
  },
  { name: "sleep", prompts: ["play sleep seconds=1"] },
  { name: "patch", prompts: ["play patch"], flags: ["--write"] },
  {
    name: "a patch that the sandbox refuses",
    prompts: ["play patch"],
    flags: ["--sandbox", "read-only"],
  },
  {
    name: "plan",
    prompts: ["play plan"],
    flags: ["--config", "tools.update_plan.enabled=true"],
  },
  { name: "search", prompts: ["play search query=deno"] },
  { name: "json", prompts: ["play json"], flags: ["--schema", schema] },
  {
    name: "images",
    prompts: ["play images"],
    flags: ["--image", image, "--image", image],
  },
  { name: "two_messages", prompts: ["play two_messages"], flags: ["--write"] },
  { name: "long", prompts: ["play long kb=256"] },
  { name: "unicode", prompts: ["play unicode"] },
  { name: "escapes", prompts: ["play escapes"] },
  FAILED,
  { name: "usage_limit", prompts: ["play usage_limit resets=100000"] },
  { name: "context_full", prompts: ["play context_full"] },
  { name: "status400", prompts: ["play status400"] },
  { name: "status429", prompts: ["play status429"] },
  { name: "status500, once", prompts: ["play status500 times=1"] },
  { name: "cut, once", prompts: ["play cut times=1"] },
  { name: "cut at its end, once", prompts: ["play cut how=eof times=1"] },
  { name: "failed, once", prompts: ["play failed times=1"] },
  { name: "continue", prompts: ["hello", "play two_messages", "and now?"] },
];

Deno.test("Row D1: every scenario leaves the same through both engines", async (t) => {
  await using lab = await openLab({ provider: ONE_RETRY });
  const image = join(lab.home.home, "dot.png");
  Deno.writeFileSync(image, PNG);
  await compareEngines(t, lab, scenarios(writeSchema(lab), image));
});

Deno.test("the scenarios that must succeed do, and those that must fail do", async () => {
  await using lab = await openLab({ provider: ONE_RETRY });
  const [fine, failed] = await Promise.all([
    storyOf(lab, "app-server", ECHO.prompts),
    storyOf(lab, "app-server", FAILED.prompts),
  ]);
  assertEquals(fine.result.status, "complete");
  assertEquals(fine.result.text, "You said: hello \\d+ $(x) ✓");
  assertEquals(failed.result.status, "failed");
});

/** Earlier versions that people still have: the SDK's own, and the one before today's. */
for (const version of ["0.163.0", "0.169.0"]) {
  Deno.test(`codex ${version} leaves the same through both engines`, async (t) => {
    const codex = await installCodex(version).catch((error) => {
      console.log(`Skipped: codex ${version} cannot be installed: ${error}`);
      return null;
    });
    if (codex === null) return;
    await using lab = await openLab({ codex, provider: ONE_RETRY });
    pinCodex(lab.home.home, codex);
    // Of several first starts in a new home, 0.163.0 lets only one set up its database.
    await lab.run("hello");
    await compareEngines(t, lab, [ECHO, COMMAND, FAILED]);
  });
}
