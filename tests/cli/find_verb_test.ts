import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CliError } from "../../assets/lib/cli/errors.ts";
import { findVerb } from "../../assets/lib/cli/find_verb.ts";
import { main } from "../../assets/lib/cli/main.ts";
import { nearest } from "../../assets/lib/cli/nearest.ts";
import { VERBS } from "../../assets/lib/cli/registry.ts";

const cs = "~/.codex-server/bin/codex-server";
const verbs = Object.keys(VERBS);
const found = (...argv: string[]) => {
  const { verb, rest } = findVerb(argv, verbs);
  return [verb, ...rest];
};
const refused = (...argv: string[]) =>
  assertThrows(() => findVerb(argv, verbs), CliError);

Deno.test("newcomer C5: a slip or another tool's word is told the verb that is meant", () => {
  const meant = {
    ...{ "list-turn": "list-turns", aprove: "approve", contniue: "continue" },
    ...{ nwe: "new", statsu: "status", New: "new", ls: "list-turns" },
    ...{ run: "new", exec: "new", resume: "continue", log: "tail" },
    ...{ logs: "tail", kill: "cancel", stop: "cancel" },
  };
  for (const [typed, verb] of Object.entries(meant)) {
    const { code, message, hint } = refused(typed, "hi");
    assertEquals(code, "usage");
    assertEquals(message, `Unknown command ${JSON.stringify(typed)}`);
    assertMatch(hint, new RegExp(`^did you mean ${verb}\\? see .* --help$`));
  }
  for (const typed of ["frobnicate", "x", "", "constructor", "__proto__"]) {
    assertEquals(refused(typed).hint, `see ${cs} help`);
  }
  assertMatch(refused("Explain this").hint, /codex-server new "…"$/);
});

Deno.test("newcomer C5: flags of every verb may stand before it; others are told where to go", () => {
  assertEquals(found("--json", "status"), ["status", "--json"]);
  assertEquals(
    found("--json", "new", "--", "-x"),
    ["new", "--json", "--", "-x"],
  );
  assertEquals(found("--json", "--help", "new"), ["help", "--json", "new"]);
  assertEquals(found(), ["help"]);
  assertEquals(found("--json"), ["help", "--json"]);
  for (const asked of ["-v", "-V", "--version"]) {
    assertEquals(found(asked), ["version"]);
  }
  const typed = (...argv: string[]) => refused(...argv).hint;
  assertEquals(
    typed("--label", "x", "new", "hi there"),
    `type: ${cs} new --label x 'hi there'`,
  );
  assertEquals(
    typed("-m", "gpt", "it's me"),
    `type: ${cs} new -m gpt 'it'\\''s me'`,
  );
  assertEquals(typed("-f"), `type: ${cs} new -f`);
});

Deno.test("newcomer C5: what a verb does not take is refused, and the hint names its help", async () => {
  const told = async (...argv: string[]) => {
    let stderr = "";
    const code = await main(argv, {
      stdout: () => {},
      stderr: (content) => stderr += content,
    });
    assertEquals(code, 2);
    return stderr;
  };
  for (const verb of ["version", "list-turns", "list", "setup"]) {
    assertEquals(
      await told(verb, "extra"),
      `codex-server: ${verb} takes no "extra" — see ${cs} ${verb} --help\n`,
    );
  }
  assertMatch(await told("help", "new", "extra"), /help takes no "extra"/);
  assertMatch(await told("help", "nwe"), /did you mean new\?/);
});

Deno.test("of several words the nearest is meant, and none that is far", () => {
  assertEquals(nearest("ab", ["abc"]), null);
  assertEquals(nearest("abcd", ["abdc", "abcdef"]), "abdc");
  assertEquals(nearest("abcde", ["abcxy", "abcdx"]), "abcdx");
  assertEquals(nearest("abcde", ["xxxde", "abc"]), "abc");
  assertEquals(nearest("abcdef", ["fedcba"]), null);
});
