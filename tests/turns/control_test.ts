import { assert, assertEquals, assertThrows } from "@std/assert";
import { until } from "../lab.ts";
import { takeLock } from "../../assets/lib/system/lock.ts";
import {
  askWorker,
  isCancelRequested,
  requestCancel,
  takeRequests,
} from "../../assets/lib/turns/control.ts";
import { makeTurn, withHome } from "./state_home.ts";

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
    const [taken, ...more] = takeRequests(paths);
    assertEquals(more, []);
    assertEquals(taken?.request, { kind: "steer", text: "faster" });
    assertEquals(names(paths.control), [], "an answer may be a secret");
    assertEquals(takeRequests(paths), []);
    taken!.reply({ ok: true, message: "done" });
    assertEquals(await asked, { ok: true, message: "done" });
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
    const taken = takeRequests(paths);
    assertEquals(
      taken.map(({ request }) => request?.kind === "steer" && request.text),
      texts,
    );
    for (const { request, reply } of taken.toReversed()) {
      assert(request?.kind === "steer");
      reply({ ok: true, message: request.text });
    }
    assertEquals(
      (await Promise.all(asked)).map((reply) => reply?.message),
      texts,
    );
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
    assertEquals(await asked, null);
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
    takeRequests(paths)[0]!.reply({ ok: true, message: "in time" });
    Deno.writeTextFileSync(paths.done, "");
    worker.release();
    assertEquals(await asked, { ok: true, message: "in time" });
  }),
);

const ODD: [name: string, content: string][] = [
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
      Deno.writeTextFileSync(`${paths.control}/x.request.json`, content);
      Deno.writeTextFileSync(`${paths.control}/note.txt`, "not ours");
      const [taken, ...more] = takeRequests(paths);
      assertEquals(more, []);
      assertEquals(taken?.request, null);
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
    assertEquals(takeRequests(paths), []);
    assertEquals(isCancelRequested(paths), false);
    assertThrows(() => requestCancel(paths), Deno.errors.NotFound);
    const refused = await askWorker(turnId, paths, { kind: "steer", text: "x" })
      .then(() => "asked", () => "refused");
    assertEquals(refused, "refused");
  }),
);

Deno.test(
  "a directory in place of a request is taken away as none",
  withHome(() => {
    const { paths } = makeTurn();
    Deno.mkdirSync(`${paths.control}/x.request.json`);
    assertEquals(takeRequests(paths).map(({ request }) => request), [null]);
    assertEquals(names(paths.control), []);
  }),
);
