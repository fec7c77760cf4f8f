/** The skill in its real host: Claude Code, headless, with a scripted model and no rule for Bash. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copy } from "@std/fs/copy";
import { join } from "@std/path";
import { type Lab, openLab, ROOT } from "../lab.ts";
import {
  CLAUDE_CODE_VERSION,
  converse,
  findClaudeCode,
  plain,
} from "./claude_code.ts";
import { type Block, startMessagesServer } from "./messages_server.ts";

const LAUNCHER = "~/.codex-server/bin/codex-server";
/** All that a headless run has to allow: the skill's own `allowed-tools` do the rest. */
const SKILL = "Skill";
/** What Claude Code puts for `${CLAUDE_SKILL_DIR}` into the text that the model reads. */
function setupCall(home: string): Block {
  return bash(
    `deno run -A "${home}/.claude/skills/codex-server/assets/lib/setup.ts"`,
  );
}

/** What a shell would mangle anywhere but in a quoted heredoc. */
const PROMPT = 'Say "hello" to $USER, `whoami`, $(id) and C:\\x\nin two lines';

const bash = (command: string): Block => ({
  type: "tool_use",
  name: "Bash",
  input: { command, description: "Talk to codex" },
});

const NEW = bash(`${LAUNCHER} new --prompt-file - <<'EOF'\n${PROMPT}\nEOF`);

const claude = await findClaudeCode();
const ignore = claude === null;
if (ignore) {
  console.error(
    `Skipping: no Claude Code ${CLAUDE_CODE_VERSION} on PATH, and no npm to install it with`,
  );
}

Deno.test(
  "newcomer B1: Claude Code invokes the skill, sets it up, starts a turn by quoted heredoc, waits and gets the answer, with no rule for Bash",
  {
    ignore,
  },
  async (t) => {
    await using lab = await openLab();
    await installSkill(lab.home.home);
    const env = await withDeno(lab);

    await using api = startMessagesServer(({ tools, answers, toolResults }) => {
      if (!tools.includes("Bash")) return [{ type: "text", text: "Codex" }];
      const last = toolResults.at(-1)?.text ?? "";
      return [
        [
          { type: "tool_use", name: "Skill", input: { skill: "codex-server" } },
        ],
        [setupCall(lab.home.home)],
        [NEW],
        [bash(`${LAUNCHER} wait`)],
        [
          bash(`${LAUNCHER} result && ${LAUNCHER} status`),
        ],
      ][answers] as Block[] ?? [{ type: "text", text: `Codex says: ${last}` }];
    });
    const { code, lines, result, stderr } = await converse(claude!, {
      prompt: "Ask codex to say hello",
      apiUrl: api.url,
      allowedTools: [SKILL],
      cwd: lab.repo,
      env,
    });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const conversation = api.requests.filter(({ tools }) =>
      tools.includes("Bash")
    );
    const [skill, setUp, started, waited, collected] =
      conversation.at(-1)!.toolResults;

    await t.step("Claude Code lists the skill", () => {
      const init = lines.find(({ subtype }) => subtype === "init");
      assert(init?.skills.includes("codex-server"));
    });

    await t.step("the Skill tool hands SKILL.md to the model", async () => {
      assertEquals(skill?.isError, false);
      const markdown = await Deno.readTextFile(join(ROOT, "SKILL.md"));
      const [, firstLine] = markdown.match(/^---\n[^]*?\n---\n+(.+)/) ?? [];
      assert(firstLine !== undefined, "SKILL.md has no front matter");
      assertStringIncludes(conversation.at(-1)!.texts.join("\n"), firstLine);
    });

    await t.step("nothing was refused", () => {
      assertEquals(result?.permission_denials, []);
      assertEquals(
        conversation.at(-1)!.toolResults.filter(({ isError }) => isError),
        [],
      );
    });

    await t.step("setup says what comes next", () => {
      assertStringIncludes(setUp!.text, LAUNCHER.slice(1));
    });

    await t.step("`new` answers with the turn's JSON", () => {
      const { turn_id } = JSON.parse(started!.text);
      assertEquals(lab.turnIds(), [turn_id]);
    });

    await t.step("codex's model received the prompt byte for byte", () => {
      assertEquals(lab.server.turns().map(({ prompt }) => prompt), [
        `${PROMPT}\n`,
      ]);
    });

    await t.step("`wait` and `result` bring its answer", () => {
      assertStringIncludes(waited!.text, `You said: ${PROMPT}`);
      assertStringIncludes(collected!.text, `You said: ${PROMPT}`);
      assertStringIncludes(result?.result, `You said: ${PROMPT}`);
    });
  },
);

Deno.test(
  "a command form that the rule does not cover is refused: that is why SKILL.md teaches the launcher by its ~ path",
  {
    ignore,
  },
  async () => {
    await using lab = await openLab();
    await using api = startMessagesServer(({ tools, answers }) =>
      tools.includes("Bash") && answers === 0
        ? [bash("$HOME/.codex-server/bin/codex-server version")]
        : [{ type: "text", text: "Refused" }]
    );
    const { result } = await converse(claude!, {
      prompt: "Ask codex for its version",
      apiUrl: api.url,
      allowedTools: [SKILL],
      cwd: lab.repo,
      env: lab.env,
    });
    assertEquals(result?.permission_denials.length, 1);
  },
);

/** Copies what a clone of this repository holds to where Claude Code looks for a user's skills. */
async function installSkill(home: string): Promise<void> {
  const skill = join(home, ".claude", "skills", "codex-server");
  await Deno.mkdir(skill, { recursive: true });
  for await (const { name } of Deno.readDir(ROOT)) {
    if (name !== ".git") await copy(join(ROOT, name), join(skill, name));
  }
}

/** A PATH with the deno that runs this and the lab's codex on it. */
async function withDeno(lab: Lab): Promise<Record<string, string>> {
  const bin = join(lab.home.home, "bin");
  await Deno.mkdir(bin);
  await Deno.symlink(Deno.execPath(), join(bin, "deno"));
  await Deno.symlink(lab.codex, join(bin, "codex"));
  return { ...lab.env, PATH: `${bin}:${lab.env.PATH}` };
}

Deno.test(
  "newcomer B4: by Claude Code's own count SKILL.md costs at most 2,500 tokens",
  {
    ignore,
  },
  async () => {
    await using lab = await openLab();
    const plugin = async (...args: string[]) => {
      const { code, stdout, stderr } = await plain(
        claude!,
        ["plugin", ...args],
        {
          cwd: lab.repo,
          env: lab.env,
        },
      );
      assertEquals(code, 0, stderr);
      return stdout;
    };
    await plugin("marketplace", "add", ROOT);
    await plugin("install", "codex-server@codex-server");
    const details = await plugin("details", "codex-server");
    const [, tokens] = details.match(/codex-server +~\d+ +~([\d.]+)k/) ?? [];
    assert(Number(tokens) > 0 && Number(tokens) <= 2.5, details);
    assertStringIncludes(
      await plugin("validate", "--strict", ROOT),
      "Validation passed",
    );
  },
);
