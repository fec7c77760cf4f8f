import { assert, assertEquals } from "@std/assert";
import { join, relative } from "@std/path";
import { ROOT } from "./lab.ts";

const LIB = join(ROOT, "assets/lib");
const ENTRIES = [
  ...["chat.ts", "worker.ts", "setup.ts", "git.ts"],
  "start_detached.ts",
];

/** The verbs, which the registry names by their paths. */
const VERB_FILES = Array.from(
  Deno.readTextFileSync(join(LIB, "cli/registry.ts")).matchAll(
    /verb\("(.*)"\)/g,
  ),
  ([, path]) => join("cli", path!),
);

/** Who may import whom: each folder and what lies below it. */
const BELOW: Record<string, string[]> = {
  system: ["version"],
  domain: ["system", "version"],
  version: [],
  events: ["domain", "system", "version"],
  render: ["events", "domain", "system", "version"],
  turns: ["events", "domain", "system", "version"],
  codex: ["events", "domain", "system", "version"],
  output: ["render", "turns", "events", "domain", "system", "version"],
  cli: [
    "commands",
    "setup",
    "turns",
    "codex",
    "output",
    "render",
    "events",
    "domain",
    "system",
    "version",
  ],
  commands: [
    ...["cli", "setup", "turns", "codex", "output", "render", "events"],
    ...["domain", "system", "version"],
  ],
  worker: [
    ...["turns", "codex", "render", "events", "domain", "system", "version"],
  ],
  setup: [
    ...["cli", "turns", "codex", "output", "render", "events", "domain"],
    ...["system", "version"],
  ],
};

/** Every source file of the library, by its path from there. */
function sources(dir = LIB): string[] {
  return Array.from(Deno.readDirSync(dir)).flatMap(({ name, isDirectory }) => {
    const path = join(dir, name);
    if (isDirectory) return sources(path);
    return name.endsWith(".ts") ? [relative(LIB, path)] : [];
  });
}

/** The first folder of a path, `entry` for the four at the top, else the file's own name. */
function layerOf(path: string): string {
  if (ENTRIES.includes(path)) return "entry";
  return path.includes("/") ? path.split("/")[0]! : path.replace(/\.ts$/, "");
}

/** Every import inside the library, types and dynamic ones included, as `deno info` sees it. */
async function imports(): Promise<[from: string, to: string][]> {
  const found = new Map<string, [string, string]>(
    VERB_FILES.map((path) => [path, ["cli/registry.ts", path]]),
  );
  for (const entry of [...ENTRIES, ...VERB_FILES]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", join(LIB, entry)],
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    const place = (url: string) =>
      url.startsWith("file:") ? relative(LIB, new URL(url).pathname) : null;
    for (const { specifier, dependencies = [] } of modules) {
      const from = place(specifier);
      for (const { code, type } of dependencies) {
        const to = place(code?.specifier ?? type?.specifier ?? "");
        if (from && to) found.set(`${from} ${to}`, [from, to]);
      }
    }
  }
  return [...found.values()];
}

Deno.test("imports run one way: entries, commands, then turns, codex and render, then events, then system", async () => {
  const edges = await imports();
  assert(edges.length > 100, "deno info has told the imports");
  for (const [from, to] of edges) {
    const [above, below] = [layerOf(from), layerOf(to)];
    if (above === below) continue;
    assert(below !== "entry", `${from} imports the entry ${to}`);
    if (above === "entry") continue;
    assert(BELOW[above]?.includes(below), `${from} imports ${to}`);
  }
  for (const entry of ENTRIES) {
    assert(edges.some(([from]) => from === entry), `${entry} was looked at`);
  }
});

Deno.test("every file of the library is reached from an entry", async () => {
  const reached = new Set((await imports()).flat());
  assertEquals(sources().filter((path) => !reached.has(path)), []);
});

/** Which files may hold a piece of code; comments do not count. */
const ALONE: [code: RegExp, allowed: string[]][] = [
  [
    /Deno\.(Command|run|spawn\w*)\b|node:(child_process|process|cluster)|new Worker\b/,
    ["system/spawn.ts"],
  ],
  [/Deno\.(args|exit)\b/, ENTRIES],
  [/Deno\.(stdout|stderr|stdin)\b|console\./, ["system/stdio.ts"]],
  [/Deno\.env\b/, ["system/env.ts"]],
  [/Date\.now|performance\.now/, ["system/clock.ts"]],
  // A signal goes to a child that is held, never to a number that was read somewhere.
  [/Deno\.kill\b/, []],
  [/\.kill\("/, ["system/spawn.ts"]],
  // Deno by another name would pass these checks by.
  [/[=(,]\s*Deno\b(?!\.)|globalThis\.Deno|Deno\[/, []],
];

Deno.test("one doorway each to processes, signals, the environment, clocks and the terminal", () => {
  for (const path of sources()) {
    const text = Deno.readTextFileSync(join(LIB, path))
      .replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, "");
    for (const [code, allowed] of ALONE) {
      if (allowed.includes(path)) continue;
      assert(!code.test(text), `${path} has ${text.match(code)?.[0]}`);
    }
  }
});

Deno.test("in a shell only the guardian signals, and only a process that is still the one it noted", () => {
  const scripts = Array.from(Deno.readDirSync(join(LIB, "system")))
    .filter(({ name }) => name.endsWith(".sh"));
  assertEquals(scripts.length, 5);
  for (const { name } of scripts) {
    const lines = Deno.readTextFileSync(join(LIB, "system", name)).split("\n")
      .map((line) => line.replace(/#.*/, ""));
    const signals = lines.flatMap((line, index) =>
      /\b(kill|pkill|killall)\b/.test(line) ? [index] : []
    );
    if (name !== "guardian.sh") assertEquals(signals, [], name);
    for (const at of signals) {
      const before = lines.slice(Math.max(0, at - 3), at + 1).join("\n");
      // `$alive` is what `stamps` has just found living, with its birth.
      assert(
        /is_same|\$alive/.test(before),
        `${name}:${at + 1} signals unseen`,
      );
    }
  }
});

Deno.test("no file is longer than 250 lines, and each says first what it owns", () => {
  for (const path of sources()) {
    const text = Deno.readTextFileSync(join(LIB, path));
    const lines = text.trimEnd().split("\n").length;
    assert(lines <= 250, `${path} has ${lines} lines`);
    assert(text.startsWith("/**"), `${path} opens without a word`);
  }
});
