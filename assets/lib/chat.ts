/** The command line: one verb per call; references/error-handling.md lists the exit codes. */
import { main } from "./cli/main.ts";
import { EXIT } from "./cli/errors.ts";
import { sayInterrupted } from "./system/interrupt.ts";
import { writeStderr, writeStdout } from "./system/stdio.ts";

if (Deno.build.os !== "windows") {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      sayInterrupted();
      Deno.exit(EXIT.interrupted);
    });
  }
}

Deno.exit(await main(Deno.args, { stdout: writeStdout, stderr: writeStderr }));
