import { assert, assertEquals, assertThrows } from "@std/assert";
import { until } from "../lab.ts";
import { makeHeldLock, takeLock } from "../../assets/lib/system/lock.ts";
import {
  type AskOutcome,
  askWorker,
  isCancelRequested,
  requestCancel,
  takeRequest,
} from "../../assets/lib/turns/control.ts";
import { sayInterrupted } from "../../assets/lib/system/interrupt.ts";
import { makeTurn, withHome } from "./state_home.ts";

/** What the worker said, where it said anything. */
const messageOf = (outcome: AskOutcome): string | undefined =>
  outcome.kind === "replied" ? outcome.reply.message : undefined;

/** The names in the turn's control directory. */
const names = (dir: string): string[] =>
  Array.from(Deno.readDirSync(dir), ({ name }) => name).sort();

Deno.test(
  "asking to cancel twice is asking once, and leaves a zero-byte file",
  withHome(() => {
    const { paths } = makeTurn();
    assertEquals(isCancelRequested(paths), false);
    requestCancel(paths);
    requestCancel(paths);
    assertEquals(isCancelRequested(paths), true);
    assertEquals(names(paths.control), ["cancel"]);
    assertEquals(Deno.statSync(`${paths.control}/cancel`).size, 0);
  }),
);

Deno.test(
  "a request is taken once, replied to, and leaves no file",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    using _worker = await takeLock(paths.lock);
    const asked = askWorker(turnId, paths, { kind: "steer", text: "faster" });
    await until(() => names(paths.control).length > 0, "the request");
    const [mode] = names(paths.control).map((name) =>
      Deno.statSync(`${paths.control}/${name}`).mode! & 0o777
    );
    assertEquals(mode, 0o600);
    const taken = takeRequest(paths);
    assertEquals(taken?.request, { kind: "steer", text: "faster" });
    assertEquals(names(paths.control), [], "an answer may be a secret");
    assertEquals(takeRequest(paths), null);
    taken!.reply({ ok: true, message: "done" });
    assertEquals(messageOf(await asked), "done");
    assertEquals(names(paths.control), []);
  }),
);

Deno.test(
  "requests are taken in the order of asking, each with its own reply",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    using _worker = await takeLock(paths.lock);
    const texts = ["one", "two", "three"];
    const asked = texts.map((text) =>
      askWorker(turnId, paths, { kind: "steer", text })
    );
    await until(() => names(paths.control).length === 3, "three requests");
    const taken = texts.map(() => takeRequest(paths)!);
    assertEquals(
      taken.map(({ request }) => request?.kind === "steer" && request.text),
      texts,
    );
    for (const { request, reply } of taken.toReversed()) {
      assert(request?.kind === "steer");
      reply({ ok: true, message: request.text });
    }
    assertEquals((await Promise.all(asked)).map(messageOf), texts);
  }),
);

Deno.test(
  "a request to a turn that ends unheard is withdrawn",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    const worker = await takeLock(paths.lock);
    const asked = askWorker(turnId, paths, { kind: "steer", text: "late" });
    await until(() => names(paths.control).length > 0, "the request");
    Deno.writeTextFileSync(paths.done, "");
    worker.release();
    assertEquals(await asked, { kind: "over" });
    assertEquals(names(paths.control), []);
  }),
);

Deno.test(
  "a reply that comes with the end of the turn still counts",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    const worker = await takeLock(paths.lock);
    const asked = askWorker(turnId, paths, { kind: "steer", text: "just" });
    await until(() => names(paths.control).length > 0, "the request");
    takeRequest(paths)!.reply({ ok: true, message: "in time" });
    Deno.writeTextFileSync(paths.done, "");
    worker.release();
    assertEquals(messageOf(await asked), "in time");
  }),
);

const ODD: [name: string, content: string | null][] = [
  ["a directory", null],
  ["no JSON", "{"],
  ["an empty file", ""],
  ["JSON null", "null"],
  ["an unknown kind", '{"kind": "explode"}'],
  ["a steer without text", '{"kind": "steer"}'],
  ["an answer without a request", '{"kind": "answer", "answer": {}}'],
];
for (const [name, content] of ODD) {
  Deno.test(
    `a request that is ${name} is taken away as none`,
    withHome(() => {
      const { paths } = makeTurn();
      const path = `${paths.control}/x.request.json`;
      if (content === null) Deno.mkdirSync(path);
      else Deno.writeTextFileSync(path, content);
      Deno.writeTextFileSync(`${paths.control}/note.txt`, "not ours");
      const taken = takeRequest(paths);
      assertEquals(taken?.request, null);
      assertEquals(takeRequest(paths), null);
      assertEquals(names(paths.control), ["note.txt"]);
      taken!.reply({ ok: false, message: "no" });
      assertEquals(names(paths.control), ["note.txt", "x.reply.json"]);
    }),
  );
}

Deno.test(
  "without its directory there is nothing to take, and nobody to ask",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    Deno.removeSync(paths.dir, { recursive: true });
    assertEquals(takeRequest(paths), null);
    assertEquals(isCancelRequested(paths), false);
    assertThrows(() => requestCancel(paths), Deno.errors.NotFound);
    Deno.mkdirSync(paths.dir);
    Deno.writeTextFileSync(paths.control, "no directory");
    assertEquals(takeRequest(paths), null);
    const refused = await askWorker(turnId, paths, { kind: "steer", text: "x" })
      .then(() => "asked", () => "refused");
    assertEquals(refused, "refused");
  }),
);

Deno.test(
  "review A24: what nobody takes in time is taken back, and cannot be carried out later",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    using _worker = await takeLock(paths.lock);
    const request = { kind: "steer", text: "late" } as const;
    const inTime = askWorker(turnId, paths, request, { timeoutMs: 20 });
    assertEquals(await inTime, { kind: "withdrawn" });
    assertEquals(takeRequest(paths), null);
    const told: boolean[] = [];
    const asked = askWorker(turnId, paths, request, {
      onInterrupted: (withdrawn) => told.push(withdrawn),
      timeoutMs: 1000,
    });
    sayInterrupted();
    assertEquals(names(paths.control), []);
    sayInterrupted();
    assertEquals(told, [true, false]);
    await asked;
  }),
);

Deno.test(
  "review A24: what was taken and not replied to is told apart from what was taken back",
  withHome(async () => {
    const { turnId, paths } = makeTurn();
    using _worker = await takeLock(paths.lock);
    const request = { kind: "steer", text: "now" } as const;
    const asked = askWorker(turnId, paths, request, { timeoutMs: 20 });
    const taken = takeRequest(paths);
    assertEquals(await asked, { kind: "unheard" });
    // Nobody waits for it any more: it would lie there for ever.
    taken!.reply({ ok: true, message: "done" });
    assertEquals(names(paths.control), []);
  }),
);

Deno.test(
  "review A24: a request whose asker was killed is thrown away, the next one is taken",
  withHome(() => {
    const { paths } = makeTurn();
    const request = (text: string, held: boolean) =>
      JSON.stringify({ kind: "steer", text, ...(held ? { held } : {}) });
    const path = `${paths.control}/1.request.json`;
    makeHeldLock(path, request("given up", true)).release();
    // Another program's own request says nothing of a lock, and needs none.
    Deno.writeTextFileSync(
      `${paths.control}/2.request.json`,
      request("by hand", false),
    );
    assertEquals(takeRequest(paths)?.request, {
      kind: "steer",
      text: "by hand",
    });
    assertEquals(names(paths.control), []);
  }),
);
