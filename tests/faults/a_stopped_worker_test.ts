/** Row A26 of the fault catalogue: a worker that stands still while somebody asks it for something. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Lab, openLab, until } from "../lab.ts";
import { eventsOf, outOf } from "../live_turns/turn_text.ts";
import { pinAppServer } from "../live_turns/pin_app_server.ts";
import { workerOf } from "../worker/killed.ts";

const ASK = ["--approvals", "ask"];

/** Two requests, the second after the first was answered; anything else would be a yes to it. */
async function stoppedWhileAsking(lab: Lab) {
  const ask = (command: string) => ({
    ask: [{
      method: "item/commandExecution/requestApproval",
      params: { command, cwd: lab.repo },
    }],
  });
  const fake = pinAppServer(lab, [ask("rm one")]);
  const turnId = await lab.start("go", ...ASK);
  await lab.chat(["wait", "--until-input", turnId]);
  const worker = await workerOf(lab, turnId);
  Deno.kill(worker, "SIGSTOP");
  return { fake, turnId, worker };
}

/** The files that lie in control/. */
const inControl = (lab: Lab, turnId: string): string[] =>
  Array.from(Deno.readDirSync(lab.turn(turnId).control), ({ name }) => name);

/** The worker goes on, and shows that it has looked by answering what is asked now. */
async function goesOn(lab: Lab, turnId: string, worker: number): Promise<void> {
  Deno.kill(worker, "SIGCONT");
  const declined = await lab.chat(["decline", turnId, "r1"]);
  assertMatch(declined.stdout, /^declined r1: rm one/, declined.stderr);
  assertEquals((await lab.chat(["wait", turnId])).code, 0);
}

Deno.test("A26 review A24: whoever asks a stopped worker is told in bounded time, and what was given up is not carried out later", async () => {
  await using lab = await openLab();
  const { fake, turnId, worker } = await stoppedWhileAsking(lab);
  const asked = [["approve", turnId, "r1"], [
    "steer",
    turnId,
    "one thing more",
  ]];
  for (const args of asked) {
    const told = await lab.chat([...args, "--timeout", "0.3"]);
    assertEquals(told.code, 4, told.stderr);
    assertMatch(
      told.stderr,
      /did not take it within 0\.3 s: it was taken back/,
    );
    const json = await lab.chat([...args, "--timeout", "0.3", "--json"]);
    assertEquals(JSON.parse(json.stderr).error.code, "not_taken");
  }
  assertEquals(inControl(lab, turnId), []);
  await goesOn(lab, turnId, worker);
  assertEquals(fake.answers().map(({ result }) => result.decision), [
    "decline",
  ]);
  assert(!outOf(lab, turnId).includes("one thing more"));
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
  Deno.test(`A26 review A24: an approval whose giver was ended by ${signal} is none when the worker wakes`, async () => {
    await using lab = await openLab();
    const { fake, turnId, worker } = await stoppedWhileAsking(lab);
    const asking = lab.spawn(["approve", turnId]);
    await until(
      () => /^\S+\.request\.json$/.test(inControl(lab, turnId).join(" ")),
      "the request",
    );
    asking.kill(signal);
    const { code, stderr } = await asking.output();
    if (signal !== "SIGKILL") {
      assertEquals(code, 130);
      assertMatch(new TextDecoder().decode(stderr), /it was taken back/);
      assertEquals(inControl(lab, turnId), []);
    }
    await goesOn(lab, turnId, worker);
    assertEquals(
      fake.answers().map(({ result }) => result.decision),
      ["decline"],
    );
    assertEquals(
      eventsOf(lab, turnId).filter(({ type }) => type === "request.resolved")
        .map(({ outcome }) => outcome),
      ["declined"],
    );
    assertEquals(inControl(lab, turnId), []);
  });
}
