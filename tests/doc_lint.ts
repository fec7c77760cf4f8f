/**
 * `deno doc --lint` over the library, for what is exported: each exported name says what
 * it is. Fields speak for themselves where their name does, so only the names count.
 */
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));
const files = Array.from(sources(join(root, "assets/lib")));
const { stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--lint", ...files],
  env: { NO_COLOR: "1" },
  stdout: "null",
  stderr: "piped",
}).output();

const places = new TextDecoder().decode(stderr).matchAll(
  /^\s*error\[([\w-]+)\]: (.*)\n\s*--> (.*):(\d+):\d+$/gm,
);
const faults = Array.from(places).flatMap(([, kind, message, file, line]) => {
  const text = Deno.readTextFileSync(file!).split("\n")[Number(line) - 1] ?? "";
  if (!text.startsWith("export")) return [];
  return [`${file}:${line}: ${kind}: ${message}`];
});
for (const fault of faults) console.error(fault);
console.log(
  `${files.length} files, ${faults.length} exported names without documentation`,
);
Deno.exit(faults.length === 0 ? 0 : 1);

function* sources(dir: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    const path = join(dir, name);
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts")) yield path;
  }
}
