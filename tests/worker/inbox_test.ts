import { assert, assertEquals, assertMatch } from "@std/assert";
import type { EngineRun } from "../../assets/lib/codex/engine.ts";
import type { PendingRequest } from "../../assets/lib/events/request.ts";
import { lstatIfExists } from "../../assets/lib/system/files.ts";
import { takeLock } from "../../assets/lib/system/lock.ts";
import {
  askWorker,
  type ControlReply,
  type ControlRequest,
  requestCancel,
} from "../../assets/lib/turns/control.ts";
import { Inbox, type InboxOptions } from "../../assets/lib/worker/inbox.ts";
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

/** How many requests lie there. */
const requestsIn = (control: string): number =>
  Array.from(Deno.readDirSync(control))
    .filter(({ name }) => name.endsWith(".request.json")).length;

interface Stage {
  paths: ReturnType<typeof makeTurn>["paths"];
  inbox: Inbox;
  stopper: Stopper;
  /** What was kept for codex in vain. */
  lost: [text: string, reason: string][];
  ask(request: ControlRequest): Promise<ControlReply>;
}

/** Runs `test` with the inbox of a turn whose worker lives. */
const withInbox = (
  engine: EngineRun | null,
  test: (stage: Stage) => Promise<void>,
  options: Partial<InboxOptions> = {},
) =>
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    using _worker = await takeLock(paths.lock);
    const stopper = new Stopper();
    const lost: Stage["lost"] = [];
    using inbox = new Inbox(paths, stopper, {
      unsteerable: null,
      onLost: (...words) => lost.push(words),
      ...options,
    });
    if (engine) inbox.begin(engine);
    const ask = async (request: ControlRequest) => {
      const outcome = await askWorker(turnId, paths, request);
      if (outcome.kind !== "replied") throw new Error(outcome.kind);
      return outcome.reply;
    };
    await test({ paths, inbox, stopper, lost, ask });
  });

const STEER: ControlRequest = { kind: "steer", text: "faster" };
const ANSWER: ControlRequest = {
  kind: "answer",
  request_id: "r1",
  answer: { kind: "decline" },
};
const COMMAND: PendingRequest = {
  id: "r1",
  expires_at: null,
  kind: "command",
  command: "rm -rf build",
  cwd: "/w",
  reason: null,
  prefix: null,
};

Deno.test(
  "a cancel stops the turn, and what is asked then comes too late",
  withInbox(engineWith({}), async ({ paths, stopper, ask }) => {
    requestCancel(paths);
    await until(() => stopper.reason !== null, "the stop");
    assertEquals(stopper.reason?.code, "cancelled");
    for (const request of [STEER, ANSWER]) {
      assertEquals(await ask(request), {
        ok: false,
        message: "Too late: The turn was cancelled",
      });
    }
  }),
);

Deno.test(
  "newcomer A14, review A15: a steer waits for codex to begin",
  withInbox(null, async ({ paths, inbox, lost, ask }) => {
    const asked = ask(STEER);
    await until(() => requestsIn(paths.control) === 0, "it to be taken");
    const heard: string[] = [];
    inbox.begin(
      engineWith({ steer: (text) => Promise.resolve(void heard.push(text)) }),
    );
    assertEquals((await asked).message, "The text was added to the turn");
    assertEquals([heard, lost], [["faster"], []]);
  }),
);

/** Two steers that are kept, as codex does not begin. */
async function keepTwo({ ask }: Stage): Promise<void> {
  for (const text of ["one", "two"]) {
    assertEquals(await ask({ kind: "steer", text }), {
      ok: true,
      message: "Codex gets the text as soon as it begins",
    });
  }
}
const IMPATIENT = { keepMs: 1 };

Deno.test(
  "newcomer A14: words for a turn that is long in beginning are kept for it, in order",
  withInbox(null, async (stage) => {
    await keepTwo(stage);
    const heard: string[] = [];
    stage.inbox.begin(
      engineWith({ steer: (text) => Promise.resolve(void heard.push(text)) }),
    );
    await stage.ask(STEER);
    assertEquals(heard, ["one", "two", "faster"]);
    stage.inbox.end();
    assertEquals(stage.lost, []);
  }, IMPATIENT),
);

Deno.test(
  "newcomer A14: kept words that codex refuses in the end are told",
  withInbox(null, async (stage) => {
    await keepTwo(stage);
    const no = () => Promise.reject(new Error("no"));
    stage.inbox.begin(engineWith({ steer: no }));
    await until(() => stage.lost.length === 2, "both to be told");
    assertEquals(stage.lost, [["one", "no"], ["two", "no"]]);
  }, IMPATIENT),
);

Deno.test(
  "newcomer A14: kept words of a turn that ends before codex has begun are told",
  withInbox(null, async (stage) => {
    await keepTwo(stage);
    stage.inbox.end();
    const why = "the turn ended before codex had begun";
    assertEquals(stage.lost, [["one", why], ["two", why]]);
    const { message } = await stage.ask(STEER);
    assertEquals(message, "Too late: the turn has ended");
  }, IMPATIENT),
);

const NEITHER = /--engine app-server/;
const REVIEW = { unsteerable: "A review cannot be steered" };
const REFUSED: [
  what: string,
  engine: EngineRun | null,
  request: ControlRequest,
  says: RegExp,
  options?: Partial<InboxOptions>,
][] = [
  ["a steer of an engine that cannot", engineWith({}), STEER, NEITHER],
  ["an answer to an engine that asks nothing", engineWith({}), ANSWER, NEITHER],
  ["a steer of a review", null, STEER, /^A review cannot/, REVIEW],
  ["an answer before codex has begun", null, ANSWER, /it asks nothing$/],
];
for (const [what, engine, request, says, options] of REFUSED) {
  Deno.test(
    `${what} is refused at once`,
    withInbox(engine, async ({ ask }) => {
      const { ok, message } = await ask(request);
      assertEquals(ok, false);
      assertMatch(message, says);
    }, options),
  );
}

const heard: unknown[] = [];
Deno.test(
  "requests reach the engine one after the other, and its answers go back",
  withInbox(
    engineWith({
      steer: (text) => Promise.resolve(void heard.push(text)),
      answer: (id, answer) => {
        heard.push([id, answer]);
        return COMMAND;
      },
    }),
    async ({ ask }) => {
      const replies = await Promise.all([ask(STEER), ask(ANSWER)]);
      assertEquals(replies, [
        { ok: true, message: "The text was added to the turn" },
        {
          ok: true,
          message: "declined r1: rm -rf build (command)",
          request_id: "r1",
        },
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
      await until(() => requestsIn(paths.control) === 0, "it to be taken");
      requestCancel(paths);
      await until(() => stopper.reason !== null, "the stop");
      stuck.resolve();
      assertEquals((await asked).ok, true);
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
