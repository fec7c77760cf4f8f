import { join } from "@std/path";
import { openLab, pinCodex } from "../lab.ts";
import { installCodex } from "../loopback/codex_binary.ts";
import { writeSchema } from "./story.ts";
import { ESCAPES_TEXT, UNICODE_PIECES } from "../loopback/scenarios/text.ts";
import { compareEngines, type Scenario } from "./table.ts";

/** One retry each, so that a failure is soon final. */
const ONE_RETRY = "stream_max_retries = 1\nrequest_max_retries = 1";

/** The smallest PNG. */
const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);

const FOX = "The quick brown fox jumps over the lazy dog, once more, ok.\n";

/** One turn, what it must end with, and the flags of `new`. */
const one = (prompt: string, ends: string, ...flags: string[]): Scenario => ({
  ...{ name: [prompt, ...flags].join(" "), prompts: [prompt], ends, flags },
});

const said = (prompt: string): Scenario => one(prompt, `You said: ${prompt}`);
const ECHO = said("hello \\d+ $(x) ✓");
const COMMAND = one(
  "play command",
  "The command printed:\nfrom-codex\n",
  "--write",
);
const FAILED = one("play failed", "unreachable");

/** Every scenario of the loopback model that ends by itself. */
const scenarios = (schema: string, image: string): Scenario[] => [
  ECHO,
  one("play text words=3 over=300", "word-1 word-2 word-3"),
  one("play instant", "Done."),
  one("play reasoning", "Thought about it."),
  COMMAND,
  one(
    "play command cmd=echo%20no%20%26%26%20false",
    "The command printed:\nno\n",
  ),
  one("play sleep seconds=1", "Slept with sleep 1."),
  one(
    "play patch",
    "The patch answered:\nSuccess. Updated the following files:\nA hello.txt\n",
    "--write",
  ),
  one(
    "play patch",
    "The patch answered:\npatch rejected: writing is blocked by read-only sandbox; rejected by user approval settings",
    ...["--sandbox", "read-only"],
  ),
  one(
    ...["play plan", "The plan is done."] as const,
    ...["--config", "tools.update_plan.enabled=true"],
  ),
  one("play search query=deno", "Searched for deno."),
  one("play json", '{"answer":"text","count":1}', "--schema", schema),
  one("play images", "images: 2", "--image", image, "--image", image),
  one("play two_messages", "Then I am done:\nfrom-codex\n", "--write"),
  one("play long kb=2", FOX.repeat(40).slice(0, 2048)),
  one("play unicode", UNICODE_PIECES.join("")),
  one("play escapes", ESCAPES_TEXT),
  FAILED,
  one("play usage_limit resets=100000", "usage_limit"),
  one("play context_full", "context_full"),
  one("play status400", "rejected"),
  one("play status429", "rate_limited"),
  said("play status500 times=1"),
  said("play cut times=1"),
  said("play cut how=eof times=1"),
  said("play failed times=1"),
  {
    name: "continue",
    prompts: ["hello", "play two_messages", "and now?"],
    ends: "You said: and now?",
  },
];

Deno.test("Row D1: every scenario leaves the same through both engines", async (t) => {
  await using lab = await openLab({ provider: ONE_RETRY });
  const image = join(lab.home.home, "dot.png");
  Deno.writeFileSync(image, PNG);
  await compareEngines(t, lab, scenarios(writeSchema(lab), image));
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
