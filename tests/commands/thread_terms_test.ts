/** What a thread goes on with, flag by flag; through codex: thread_permissions_test.ts. */
import { assertEquals, assertMatch } from "@std/assert";
import { termsOf } from "../../assets/lib/commands/thread_terms.ts";
import type { TurnFlags } from "../../assets/lib/commands/turn_flags.ts";
import type {
  SandboxPolicy,
  ThreadSettings,
} from "../../assets/lib/domain/permissions.ts";

const FULL: SandboxPolicy = { type: "dangerFullAccess" };
const LAST: ThreadSettings = {
  model: "m",
  cwd: "/home/me/tree",
  approvals: "untrusted",
  reviewer: "user",
  profile: null,
  policy: FULL,
};

/** The terms for these flags; `approvals` counts as given where it is there. */
function terms(
  last: Partial<ThreadSettings>,
  flags: Partial<TurnFlags> = {},
  moved = false,
) {
  const all = {
    sandbox: null,
    approvals: "never",
    reviewer: null,
    config: [],
    ...flags,
  } as unknown as TurnFlags;
  return termsOf({ ...LAST, ...last }, {
    flags: all,
    approvalsGiven: flags.approvals !== undefined,
    cwd: moved ? "/elsewhere" : "/home/me/tree",
    moved,
  });
}

Deno.test("bug 1: what a flag sets aside is said", () => {
  const guard = { profile: "guard", approvals: null };
  assertEquals(terms(guard, { sandbox: "workspace-write" }).notes, [
    "workspace-write sets aside the permission profile guard, which the thread's last turn had",
  ]);
  const config = ['sandbox_mode="read-only"'];
  assertEquals(terms(guard, { config }).inherited, null);
  assertMatch(terms(guard, { config }).notes[0]!, /^--config .*guard/);
  assertEquals(terms({ approvals: null }).approvals, "never");
  assertEquals(terms({}, { sandbox: "danger-full-access" }).notes, []);
  assertEquals(terms({}, { sandbox: "workspace-write" }).notes, [
    "workspace-write sets aside danger-full-access, which the thread's last turn had",
  ]);
  assertMatch(terms({}, { reviewer: "auto_review" }).notes[0]!, /sets aside/);
});

Deno.test("bug 2: a permission to write does not go along, one to read does", () => {
  const { inherited, approvals, notes } = terms({}, {}, true);
  assertEquals(inherited, { kind: "left", mode: "danger-full-access" });
  assertEquals(approvals, "untrusted");
  assertEquals(notes, [
    "the thread's permission to write (danger-full-access) stays in /home/me/tree; --write gives one in /elsewhere",
  ]);
  const policy: SandboxPolicy = { type: "readOnly", networkAccess: false };
  assertEquals(terms({ policy, profile: ":read-only" }, {}, true).inherited, {
    kind: "kept",
    profile: ":read-only",
    policy,
  });
  assertEquals(terms({ policy: null }, {}, true).inherited, null);
});
