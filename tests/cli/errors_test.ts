import { assertEquals } from "@std/assert";
import {
  CliError,
  errorJson,
  errorLine,
  EXIT,
  machineError,
  usageError,
} from "../../assets/lib/cli/errors.ts";

Deno.test("an error is one line, whatever its message holds", () => {
  const error = usageError("a\nb\r\u001b[2J\u0085c\u2028", "do\nthis");
  assertEquals(errorLine(error), "codex-server: a b ␛[2J c — do this\n");
});

Deno.test("under --json it is one document with code, message and hint, and more where there is more", () => {
  const error = new CliError("thread_busy", "m", "h", { turn_id: "x" });
  assertEquals(JSON.parse(errorJson(error)), {
    error: { code: "thread_busy", message: "m", hint: "h", turn_id: "x" },
  });
});

Deno.test("what the machine refuses is told by its kind, with exit 7", () => {
  const cases: [unknown, string][] = [
    [new Deno.errors.PermissionDenied("x"), "permission_denied"],
    [new Deno.errors.NotCapable("x"), "permission_denied"],
    [new Error("No space left on device (os error 28)"), "disk_full"],
    [new Error("Read-only file system (os error 30)"), "permission_denied"],
    [new TypeError("x is not a function"), "internal"],
    ["thrown text", "internal"],
  ];
  for (const [thrown, code] of cases) {
    const error = machineError(thrown);
    assertEquals([error.code, error.exit], [code, EXIT.machine]);
  }
});
