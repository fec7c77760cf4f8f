import { assertEquals, assertStringIncludes } from "@std/assert";
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

Deno.test("review A27: what the machine refuses is told in words, by its kind, with a hint that fits and exit 7", () => {
  const { PermissionDenied, NotCapable } = Deno.errors;
  const cases: [thrown: unknown, ...told: string[]][] = [
    [
      new Error(
        "Device or resource busy (os error 16): rename '/t/a' -> '/t/.gone-1'",
      ),
      "internal: /t/a cannot be renamed: Device or resource busy",
      "another program",
    ],
    [
      new Error("Directory not empty (os error 39): remove '/t/it's'"),
      "internal: /t/it's cannot be removed: Directory not empty",
      "try again",
    ],
    [
      new PermissionDenied("Permission denied (os error 13): open '/t/x'"),
      "permission_denied: /t/x cannot be opened: Permission denied",
      "who owns it",
    ],
    [new PermissionDenied("x"), "permission_denied: x", "permissions"],
    [new NotCapable("Requires x"), "permission_denied: Requires x", "flags"],
    [
      new Error("No space left on device (os error 28)"),
      "disk_full: No space left on device",
      "free some space",
    ],
    [
      new Error("Read-only file system (os error 30): mkdir '/r'"),
      "permission_denied: /r cannot be made: Read-only file system",
      "writable",
    ],
    [
      new Error(
        "Failed to spawn '/d': Resource temporarily unavailable (os error 11)",
      ),
      "internal: /d cannot be started: Resource temporarily unavailable",
      "limits",
    ],
    [new TypeError("x is no function"), "internal: x is no function", "report"],
    ["thrown text", "internal: thrown text", "report it"],
  ];
  for (const [thrown, told, hint] of cases) {
    const error = machineError(thrown);
    assertEquals(`${error.code}: ${error.message}`, told);
    assertEquals(error.exit, EXIT.machine);
    assertStringIncludes(error.hint, hint!);
  }
});
