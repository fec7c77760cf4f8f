/** A person's session on a terminal of 80 columns; `session.txt` shows it as it is seen. */
import { assertEquals } from "@std/assert";
import { openLab, until } from "../lab.ts";
import type { Play } from "../loopback/play.ts";
import { message, response } from "../loopback/sse.ts";
import { words } from "../loopback/scenarios/text.ts";
import { patchCall } from "../loopback/tools.ts";
import { assertSnapshot } from "../snapshot.ts";
import { commandLine, onTerminal, quoted } from "../terminal.ts";
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
  const type = async (...args: string[]) => {
    const { stdout } = await onTerminal(
      lab,
      `stty cols 80; ${commandLine(lab, args)}`,
      { env: { NO_COLOR: "1" } },
      60_000,
    );
    const typed = args.map((arg) => /^[\w./-]+$/.test(arg) ? arg : quoted(arg));
    screen += `$ codex-server ${typed.join(" ")}\n${stdout}\n`;
  };
  await type("new", "Explain what this repository does");
  await type("tail", "-f");
  await type(
    ...["new", "--approvals", "ask", "--sandbox", "read-only"],
    ...["--label", "greet", "Add a greeting"],
  );
  await until(
    async () => (await lab.json("status", "greet")).pending !== undefined,
    "the request",
    60_000,
  );
  await type("ps");
  await type("status", "greet");
  await type("approve", "greet");
  await type("tail", "-f", "greet");
  await type("list-turns");
  await type("status");
  await type("result");
  await type("statsu");
  assertEquals(
    Deno.readTextFileSync(`${lab.repo}/hello.txt`),
    "Hello, world!\nNice to see you.\n",
  );
  assertSnapshot("tests/session/session.txt", normalised(leftOnScreen(screen)));
});
