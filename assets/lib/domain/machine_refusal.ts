/** What the machine refused, and what can be done about it: for commands and workers alike. */
import { osErrorInWords, osErrorNumber } from "../system/os_error.ts";
import type { ErrorCode } from "./error_codes.ts";

/** A refusal in our words; `hint` is null for something unforeseen. */
export interface MachineRefusal {
  code: ErrorCode;
  message: string;
  hint: string | null;
}

/** The system's number for "permission denied". */
const DENIED = 13;

/** What can be done about a refusal of the system, by its error number (Linux). */
const REFUSALS: [numbers: number[], code: ErrorCode, hint: string][] = [
  [
    [28, 122], // no space, over quota
    "disk_full",
    "free some space, or inodes (df -h, df -i), and try again",
  ],
  [[30], "permission_denied", "~/.codex-server must be writable"],
  [[1, DENIED], "permission_denied", "check who owns it and its permissions"],
  [[5, 116], "internal", "check the disk that holds ~/.codex-server"],
  [[16, 26], "internal", "another program uses it: end that, or try again"],
  [[39], "internal", "something was put into it in this moment: try again"],
  [
    [11, 12, 23, 24],
    "internal",
    "raise the limits of processes, memory and open files (ulimit -a), or end some programs",
  ],
  [[20], "internal", "a file stands where a directory is needed: move it away"],
  [[21], "internal", "a directory stands where a file is needed: move it away"],
  [[36], "internal", "use a shorter path or name"],
  [[40], "internal", "its links lead in a circle: mend them"],
];

/** The machine's refusal that caused `error`: disk, permission, or something unforeseen. */
export function machineRefusal(error: unknown): MachineRefusal {
  const message = osErrorInWords(error);
  if (error instanceof Deno.errors.NotCapable) {
    return {
      code: "permission_denied",
      message,
      hint:
        "give deno the flags that references/permissions.md lists, or use the launcher",
    };
  }
  const number = error instanceof Deno.errors.PermissionDenied
    ? DENIED
    : osErrorNumber(error);
  const [, code = "internal", hint = null] =
    REFUSALS.find(([numbers]) => number !== null && numbers.includes(number)) ??
      [];
  return { code, message, hint };
}
