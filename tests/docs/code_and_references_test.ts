/** Lists in the references that the code must agree with: error codes, files, tags, grants. */
import { assert, assertEquals } from "@std/assert";
import {
  ALLOWED_NAMES,
  SECRET_NAMES,
} from "../../assets/lib/codex/child_env.ts";
import { ERROR_CODES } from "../../assets/lib/domain/error_codes.ts";
import { workerPermissions } from "../../assets/lib/commands/worker_permissions.ts";
import {
  LAUNCHER_ENV_NAMES,
  LAUNCHER_PERMISSIONS,
} from "../../assets/lib/setup/launcher.ts";
import { turnPaths } from "../../assets/lib/turns/layout.ts";
import { openLab, seedPermissions } from "../lab.ts";
import { documents, read, section, tableRows } from "./documents.ts";

const firstCells = (text: string): string[] =>
  tableRows(text).map(([first]) => first!);

Deno.test("review B7: error-handling.md has a row for every error code, with the exit code of the one table in the source", () => {
  const errors = read("references/error-handling.md");
  const rows = (title: string) => tableRows(section(errors, title)).slice(1);
  const codes = Object.entries(ERROR_CODES);
  assertEquals(
    Object.fromEntries(rows("Commands").map(([code, exit]) => [code, exit])),
    Object.fromEntries(
      codes.filter(([, exit]) => exit !== null)
        .map(([code, exit]) => [`\`${code}\``, String(exit)]),
    ),
  );
  const ofTurns = rows("Turns").map(([code]) => code!.replaceAll("`", ""));
  for (const code of ofTurns) assert(code in ERROR_CODES, code);
  for (const [code, exit] of codes) {
    assert(exit !== null || ofTurns.includes(code), code);
  }
});

Deno.test("turn-directory.md lists every file of a turn", () => {
  const text = read("references/turn-directory.md");
  for (const [key, path] of Object.entries(turnPaths("<dir>"))) {
    if (key === "dir") continue;
    const name = path.slice("<dir>/".length);
    assert(
      text.includes(`\`${name}\``) || text.includes(`\`${name}/\``),
      name,
    );
  }
});

Deno.test("streaming-protocol.md lists every tag and event type that the code knows", () => {
  const text = read("references/streaming-protocol.md");
  const rendered = read("assets/lib/render/turn_text.ts");
  const tags = Array.from(
    rendered.matchAll(/["`](\[[a-z]+\])/g),
    ([, tag]) => tag!,
  );
  assert(tags.length >= 8, tags.join(" "));
  for (const tag of [...tags, "[cancelled]"]) {
    assert(text.includes(`\`${tag} `), tag);
  }
  const known = read("assets/lib/events/thread_event.ts");
  for (const [, type] of known.matchAll(/^ {2}"([a-z.]+)",$/gm)) {
    assert(firstCells(text).includes(`\`${type}\``), type);
  }
});

Deno.test("streaming-protocol.md lists every tag of watch and every kind of request", () => {
  const text = read("references/streaming-protocol.md");
  const watching = section(text, "watch");
  const code = read("assets/lib/render/watch_line.ts");
  const tags = new Set(code.match(/\[[a-z]+\]/g));
  assert(tags.size >= 8, [...tags].join(" "));
  for (const tag of tags) assert(watching.includes(`\`${tag}\``), tag);
  const events = read("assets/lib/events/thread_event.ts");
  const kinds = Array.from(events.matchAll(/kind: "([a-z]+)"[;,]/g));
  for (const [, kind] of kinds.filter(([, kind]) => kind !== "add")) {
    assert(firstCells(text).includes(`\`${kind}\``), kind);
  }
});

Deno.test("turn-directory.md shows every field of meta.json", async () => {
  await using lab = await openLab();
  const meta = JSON.parse(
    Deno.readTextFileSync(lab.turn(await lab.run("hello")).meta),
  );
  const shown = read("references/turn-directory.md")
    .match(/### meta\.json\s+```json\n([\s\S]*?)```/)?.[1];
  assertEquals(
    Object.keys(JSON.parse(shown!)).sort(),
    Object.keys(meta).sort(),
  );
});

Deno.test("permissions.md names every grant of launcher and worker", () => {
  const text = read("references/permissions.md");
  for (const grant of LAUNCHER_PERMISSIONS) {
    assert(firstCells(text).includes(`\`${grant}\``), grant);
  }
  for (const name of LAUNCHER_ENV_NAMES) assert(text.includes(name), name);
  const worker = section(text, "The worker");
  for (const grant of workerPermissions("/lib/worker.ts", "/codex")) {
    const name = grant.split("=")[0]!;
    assert(worker.includes(`\`${name}`), grant);
  }
  for (const name of ALLOWED_NAMES) {
    assert(worker.includes(name.toUpperCase()), name);
  }
  for (const name of SECRET_NAMES) {
    const told = name.replace(/^(LD|DYLD)_.*/, "$1_…");
    assert(worker.includes(`\`${told}\``), name);
  }
});

Deno.test("permissions.md gives the long form as the tests run it", () => {
  const line = `deno run --no-prompt ${
    seedPermissions("<codex-path>").join(" ").replace(
      Deno.execPath(),
      "<deno-path>",
    )
  } ~/.codex-server/lib/chat.ts`;
  assert(read("references/permissions.md").includes(line));
});

Deno.test("The README's two commands are tasks, and the workflow runs them", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  const workflow = read(".github/workflows/ci.yml");
  for (const task of ["demo", "test"]) {
    assert(task in tasks);
    const line = `npx -y deno@2.9.6 task ${task}`;
    assert(read("README.md").includes(line));
    assert(workflow.includes(`run: ${line}`));
  }
  // A row that cannot be green teaches people to pass over the workflow.
  assert(!workflow.includes("windows-latest"));
});

Deno.test("benchmarks.md has a place for the figures of deno task bench", () => {
  assert(
    /<!-- bench:begin -->[\s\S]*<!-- bench:end -->/.test(
      read("references/benchmarks.md"),
    ),
  );
});

Deno.test("The plugin and its marketplace name the skill at the root", () => {
  const plugin = JSON.parse(read(".claude-plugin/plugin.json"));
  const marketplace = JSON.parse(read(".claude-plugin/marketplace.json"));
  assertEquals(plugin.skills, ["./"]);
  assertEquals(marketplace.plugins.length, 1);
  assertEquals(marketplace.plugins[0].source, "./");
  assertEquals(marketplace.plugins[0].name, plugin.name);
  assert(marketplace.description.length > 0);
});

Deno.test("The documents say nothing of the machine that they were written on", () => {
  for (const { path, text } of documents()) {
    assert(!/\/work\/|\/root\/|127\.0\.0\.1:\d/.test(text), path);
  }
});
