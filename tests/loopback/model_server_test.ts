import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createHome, createRepo } from "./home.ts";
import { message, response } from "./sse.ts";
import { startModelServer } from "./model_server.ts";
import { stage } from "./codex_exec.ts";

const sanitize = { sanitizeOps: true, sanitizeResources: true };

Deno.test(
  "the prompt is recorded byte for byte, whatever codex adds",
  sanitize,
  async () => {
    await using on = await stage();
    await Deno.writeTextFile(join(on.repo, "AGENTS.md"), "Be brief.\n");
    const prompts = [
      "a nonce 7f3a",
      "<b>tags</b> & \"quotes\" 'single' $PATH `ticks` \\ %41",
      "two\nlines\n\n# AGENTS.md is mentioned",
      "\u{1F468}\u200D\u{1F469} 漢字 e\u0301 \x1b[31m",
      "long ".repeat(30_000).trimEnd(),
    ];
    for (const prompt of prompts) {
      const { finalText } = await on.run(prompt);
      const turn = on.server.turns().at(-1);
      assertEquals(turn?.prompt, prompt);
      assertEquals(turn?.ended, "complete");
      assert(
        prompt.startsWith(finalText?.slice("You said: ".length) ?? "none"),
      );
    }
    const { input } = on.server.turns()[0]?.body ?? {};
    assert(JSON.stringify(input).includes("Be brief."), "AGENTS.md is missing");
  },
);

Deno.test(
  "a follow-up keeps the earlier prompts of its thread",
  sanitize,
  async () => {
    await using on = await stage();
    const first = await on.run("first");
    const thread = String(first.events[0]?.thread_id);
    await on.run("second", ["resume", thread, "-"]);
    assertEquals(on.server.turns().map((turn) => turn.prompts), [
      ["first"],
      ["first", "second"],
    ]);
    assertEquals(on.server.turns().map((turn) => turn.threadId), [
      thread,
      thread,
    ]);
  },
);

for (
  const scenario of [
    "hang",
    "hang words=2",
    "silent",
    "text words=9 over=60000",
  ]
) {
  Deno.test(
    `"play ${scenario}" is dropped when codex is killed`,
    sanitize,
    async () => {
      await using on = await stage();
      const child = await on.start(`play ${scenario}`);
      await on.server.waitFor((server) => server.openStreams === 1);
      assertEquals(on.server.closedEarly, 0);
      child.kill("SIGKILL");
      await child.output();
      await on.server.waitFor((server) => server.closedEarly === 1);
      assertEquals(on.server.openStreams, 0);
      assertEquals(on.server.turns()[0]?.ended, "dropped");
    },
  );
}

Deno.test("close breaks off what is under way", sanitize, async () => {
  const server = await startModelServer();
  const answer = await post(server.url, "play hang");
  assertEquals(server.openStreams, 1);
  await server.close();
  await answer.body?.cancel();
  assertEquals(server.turns()[0]?.ended, "dropped");
});

Deno.test("a test may inject a play of its own", sanitize, async () => {
  const gate = Promise.withResolvers<void>();
  const server = await startModelServer({
    play: (request, turnRequests) =>
      response(
        request,
        (async function* () {
          await gate.promise;
          yield* message([`opened ${turnRequests}`]);
        })(),
      ),
  });
  const answer = await post(server.url, "wait for it");
  gate.resolve();
  assert((await answer.text()).includes("opened 1"));
  await server.close();
});

Deno.test("a play that throws is told to the client", sanitize, async () => {
  const server = await startModelServer();
  const answer = await post(server.url, "play text words=many");
  assertEquals(answer.status, 400);
  assert((await answer.text()).includes('Scenario parameter \\"words\\"'));
  await server.close();
});

Deno.test(
  "waitFor tells what the server saw when it waits in vain",
  sanitize,
  async () => {
    const server = await startModelServer();
    await (await post(server.url, "hello")).text();
    await assertRejects(
      () => server.waitFor((seen) => seen.turns()[1], 100),
      Error,
      '"hello" complete',
    );
    await server.close();
  },
);

Deno.test(
  "an expired login is refreshed at the loopback server",
  sanitize,
  async () => {
    await using on = await stage({ auth: "chatgpt_expired" });
    const { finalText } = await on.run("hello");
    assertEquals(finalText, "You said: hello");
    assert(on.server.tokenRefreshes >= 1);
  },
);

Deno.test("who is not logged in is refused", sanitize, async () => {
  await using on = await stage({
    auth: "none",
    provider: "request_max_retries = 0\nstream_max_retries = 0",
  });
  const { code, finalText } = await on.run("hello");
  assertEquals([code, finalText], [1, undefined]);
  assertEquals(on.server.turns()[0]?.status, 401);
});

Deno.test(
  "codex starts without complaint about the backend",
  sanitize,
  async () => {
    await using on = await stage();
    const { stderr } = await on.run("hello");
    assertEquals(
      stderr.split("\n").filter((line) => line.includes("ERROR")),
      [],
    );
    const unknown = on.server.requests.filter((request) =>
      request.status === 404
    );
    assertEquals(unknown.map((request) => request.path), []);
  },
);

Deno.test("a home keeps its secrets and disappears", sanitize, async () => {
  const home = await createHome({ modelUrl: "http://127.0.0.1:9" });
  const repo = await createRepo(home, "other");
  const login = await Deno.stat(join(home.codexHome, "auth.json"));
  assertEquals((login.mode ?? 0) & 0o777, 0o600);
  assert((await Deno.stat(join(repo, ".git"))).isDirectory);
  await home.dispose();
  await assertRejects(() => Deno.stat(home.home), Deno.errors.NotFound);
});

function post(url: string, prompt: string): Promise<Response> {
  const content = [{ type: "input_text", text: prompt }];
  return fetch(`${url}/v1/responses`, {
    method: "POST",
    headers: { authorization: "Bearer of-the-test" },
    body: JSON.stringify({
      input: [{ type: "message", role: "user", content }],
    }),
  });
}
