import { assert, assertEquals } from "@std/assert";
import type { EngineRun } from "../../assets/lib/codex/engine.ts";
import { lstatIfExists } from "../../assets/lib/system/files.ts";
import { takeLock } from "../../assets/lib/system/lock.ts";
import {
  askWorker,
  type ControlReply,
  type ControlRequest,
  requestCancel,
} from "../../assets/lib/turns/control.ts";
import { Inbox } from "../../assets/lib/worker/inbox.ts";
import { Stopper } from "../../assets/lib/worker/stop.ts";
import { until } from "../lab.ts";
import { makeTurn, withHome } from "../turns/state_home.ts";

/** A turn under way that does nothing but what a test gives it to do. */
const engineWith = (able: Pick<EngineRun, "steer" | "answer">): EngineRun => ({
  events: (async function* () {})(),
  diff: "",
  close: () => Promise.resolve(),
  ...able,
});

interface Stage {
  paths: ReturnType<typeof makeTurn>["paths"];
  inbox: Inbox;
  stopper: Stopper;
  ask(request: ControlRequest): Promise<ControlReply | null>;
}

/** Runs `test` with the inbox of a turn whose worker lives. */
const withInbox = (
  engine: EngineRun | null,
  test: (stage: Stage) => Promise<void>,
) =>
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    using _worker = await takeLock(paths.lock);
    const stopper = new Stopper();
    using inbox = new Inbox(paths, stopper);
    inbox.engine = engine;
    const ask = (request: ControlRequest) => askWorker(turnId, paths, request);
    await test({ paths, inbox, stopper, ask });
  });

const STEER: ControlRequest = { kind: "steer", text: "faster" };
const ANSWER: ControlRequest = {
  kind: "answer",
  request_id: "r1",
  answer: { kind: "decline" },
};

Deno.test(
  "a cancel stops the turn, and what is asked then is refused",
  withInbox(engineWith({}), async ({ paths, stopper, ask }) => {
    requestCancel(paths);
    await until(() => stopper.reason !== null, "the stop");
    assertEquals(stopper.reason?.code, "cancelled");
    assertEquals(await ask(STEER), {
      ok: false,
      message: "The turn is not running codex now",
    });
  }),
);

Deno.test(
  "a directory that is taken away stops the turn",
  withInbox(null, async ({ paths, stopper }) => {
    Deno.removeSync(paths.dir, { recursive: true });
    await until(() => stopper.reason !== null, "the stop");
    assertEquals(stopper.reason?.code, "gone");
  }),
);

Deno.test(
  "before codex runs, and after, a request is refused",
  withInbox(null, async ({ ask }) => {
    const reply = await ask(STEER);
    assertEquals(reply?.ok, false);
    assert(reply?.message.includes("not running"));
  }),
);

Deno.test(
  "an engine that can neither be steered nor answered says so",
  withInbox(engineWith({}), async ({ ask }) => {
    for (const request of [STEER, ANSWER]) {
      const reply = await ask(request);
      assertEquals(reply?.ok, false);
      assert(reply?.message.includes("--engine app-server"));
    }
  }),
);

const heard: unknown[] = [];
Deno.test(
  "requests reach the engine one after the other, and its answers go back",
  withInbox(
    engineWith({
      steer: (text) => Promise.resolve(void heard.push(text)),
      answer: (id, answer) => {
        heard.push([id, answer]);
        return id;
      },
    }),
    async ({ ask }) => {
      const replies = await Promise.all([ask(STEER), ask(ANSWER)]);
      assertEquals(replies, [
        { ok: true, message: "The text was added to the turn" },
        { ok: true, message: "Request r1 was answered" },
      ]);
      assertEquals(heard, ["faster", ["r1", { kind: "decline" }]]);
    },
  ),
);

Deno.test(
  "what the engine refuses is told in its words",
  withInbox(
    engineWith({
      steer: () => Promise.reject(new Error("no active turn")),
      answer: () => {
        throw new Error("No request r1 waits");
      },
    }),
    async ({ ask }) => {
      const replies = await Promise.all([ask(STEER), ask(ANSWER)]);
      assertEquals(replies, [
        { ok: false, message: "no active turn" },
        { ok: false, message: "No request r1 waits" },
      ]);
    },
  ),
);

Deno.test(
  "a request that is none gets a refusal",
  withInbox(engineWith({}), async ({ paths }) => {
    const reply = `${paths.control}/x.reply.json`;
    Deno.writeTextFileSync(`${paths.control}/x.request.json`, "{");
    await until(() => lstatIfExists(reply) !== null, "the reply");
    assert(Deno.readTextFileSync(reply).includes("not a request"));
  }),
);

const stuck = Promise.withResolvers<void>();
Deno.test(
  "I2 a cancel is heard while codex does not answer a steer",
  withInbox(
    engineWith({ steer: () => stuck.promise }),
    async ({ paths, stopper, ask }) => {
      const asked = ask(STEER);
      const taken = () =>
        !Array.from(Deno.readDirSync(paths.control))
          .some(({ name }) => name.endsWith(".request.json"));
      await until(taken, "the steer to be taken");
      requestCancel(paths);
      await until(() => stopper.reason !== null, "the stop");
      stuck.resolve();
      assertEquals((await asked)?.ok, true);
    },
  ),
);

const gone = Promise.withResolvers<void>();
Deno.test(
  "a reply that cannot be left ends nothing",
  withInbox(
    engineWith({ steer: () => gone.promise }),
    async ({ paths, stopper }) => {
      const request = `${paths.control}/1.request.json`;
      Deno.writeTextFileSync(request, JSON.stringify(STEER));
      await until(() => lstatIfExists(request) === null, "it to be taken");
      Deno.removeSync(paths.dir, { recursive: true });
      gone.resolve();
      await until(() => stopper.reason !== null, "the stop");
      assertEquals(stopper.reason?.code, "gone");
    },
  ),
);
