/** A person's session on a terminal of 80 columns; `session.txt` shows it as it is seen. */
import { assertEquals } from "@std/assert";
import { openLab, until } from "../lab.ts";
import type { Play } from "../loopback/play.ts";
import { message, response } from "../loopback/sse.ts";
import { words } from "../loopback/scenarios/text.ts";
import { patchCall } from "../loopback/tools.ts";
import { assertSnapshot } from "../snapshot.ts";
import { onScreen, quoted } from "../terminal.ts";
import { leftOnScreen, normalised } from "./screen.ts";

const PATCH = `*** Begin Patch
*** Add File: hello.txt
+Hello, world!
+Nice to see you.
*** End Patch
`;

/** Adds the greeting when asked for one, explains the repository when not. */
const play: Play = (request) =>
  !request.prompt.includes("greeting")
    ? response(
      request,
      message(words("This repository holds one file and a README.\n")),
    )
    : request.toolOutputs.length === 0
    ? response(request, patchCall(request, PATCH))
    : response(request, message(words("I added hello.txt with a greeting.")));

Deno.test("Row F19, newcomer C1: a person's session on a terminal", async () => {
  await using lab = await openLab({ play });
  let screen = "";
  /** Types a command, and `reply` as soon as it asks. */
  const type = async (args: string[], reply?: string) => {
    const command = onScreen(lab, args);
    if (reply !== undefined) {
      // It may be put a moment before the line that it stands behind, and then again.
      await until(
        () => /\[approval\] .*\[y\/n\/d\] $/s.test(command.shown()),
        "the question",
      );
      await command.type(`${reply}\n`);
    }
    await command.ended();
    const typed = args.map((arg) => /^[\w./-]+$/.test(arg) ? arg : quoted(arg));
    screen += `$ codex-server ${typed.join(" ")}\n${command.shown()}\n`;
  };
  await type(["new", "Explain what this repository does"]);
  await type(["tail", "-f"]);
  await type([
    ...["new", "--approvals", "ask", "--sandbox", "read-only"],
    ...["--label", "greet", "Add a greeting"],
  ]);
  await until(
    async () => (await lab.json("status", "greet")).pending !== undefined,
    "the request",
  );
  await type(["ps"]);
  await type(["status", "greet"]);
  await type(["tail", "-f", "greet"], "y");
  await type(["list-turns"]);
  await type(["status"]);
  await type(["diff"]);
  await type(["result"]);
  await type(["statsu"]);
  assertEquals(
    Deno.readTextFileSync(`${lab.repo}/hello.txt`),
    "Hello, world!\nNice to see you.\n",
  );
  assertSnapshot("tests/session/session.txt", normalised(leftOnScreen(screen)));
});
