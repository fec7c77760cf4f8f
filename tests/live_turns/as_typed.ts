/** Running a command line as it stands in a text, by the launcher that it names. */
import { join } from "@std/path";
import { posixLauncher } from "../../assets/lib/setup/launcher.ts";
import { type Lab, type Ran, ranOf, ROOT } from "../lab.ts";

/** Puts the launcher where setup puts it, on the library of this checkout. */
export function installLauncher(lab: Lab): void {
  const root = join(lab.home.home, ".codex-server");
  Deno.mkdirSync(join(root, "bin"), { recursive: true });
  Deno.symlinkSync(join(ROOT, "assets/lib"), join(root, "lib"));
  const path = join(root, "bin/codex-server");
  Deno.writeTextFileSync(
    path,
    posixLauncher({ deno: Deno.execPath(), codex: lab.codex, root }),
  );
  Deno.chmodSync(path, 0o755);
}

/** Runs `line` in a shell in the lab's repository. */
export async function runAsTyped(lab: Lab, line: string): Promise<Ran> {
  return await ranOf(new Deno.Command("sh", {
    args: ["-c", line],
    cwd: lab.repo,
    clearEnv: true,
    env: lab.env,
    stdin: "null",
  }).output());
}
