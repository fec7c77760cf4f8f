import { assertEquals } from "@std/assert";
import type { SandboxPolicy } from "../../assets/lib/domain/permissions.ts";
import type { TurnRequest } from "../../assets/lib/codex/engine.ts";
import {
  permissionsOf,
  turnPermissions,
} from "../../assets/lib/codex/turn_permissions.ts";
import type { EffectiveConfig } from "../../assets/lib/codex/wire.ts";
import { plainRequest } from "./turn_request.ts";

const READ_ONLY: SandboxPolicy = { type: "readOnly", networkAccess: false };
const FULL: SandboxPolicy = { type: "dangerFullAccess" };
const WRITE: SandboxPolicy = {
  type: "workspaceWrite",
  writableRoots: ["/opt"],
  networkAccess: true,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: true,
};

const asking = (partial: Partial<TurnRequest>) => ({
  ...plainRequest("hi", "/repo"),
  experimental: true,
  ...partial,
});
const sent = (partial: Partial<TurnRequest>, config: EffectiveConfig = {}) =>
  permissionsOf(asking(partial), config);
const policySent = (sandboxPolicy: SandboxPolicy) => ({
  open: { sandbox: "read-only" as const },
  turn: { sandboxPolicy },
});
const NOTHING = { open: {}, turn: {} };

Deno.test("bug 1: a thread under a profile goes on without a word about permissions", () => {
  const inherited = { kind: "kept" as const, profile: "guard", policy: WRITE };
  assertEquals(sent({ inherited }), NOTHING);
  assertEquals(sent({ inherited }, { sandbox_mode: "read-only" }), NOTHING);
  const asked = asking({ inherited });
  const opened = (id: string | null) => ({
    thread: { id: "t" },
    model: "m",
    reasoningEffort: null,
    sandbox: READ_ONLY,
    activePermissionProfile: id === null ? null : { id },
  });
  assertEquals(turnPermissions(NOTHING, asked, opened("guard")), {});
  // A codex that has not taken it up is told, and refuses the turn where it cannot.
  for (const other of [":read-only", null]) {
    assertEquals(turnPermissions(NOTHING, asked, opened(other)), {
      permissions: "guard",
    });
  }
});

Deno.test("bug 1: a thread without a profile keeps its policy to the letter", () => {
  for (const policy of [READ_ONLY, FULL, WRITE]) {
    const inherited = { kind: "kept" as const, profile: null, policy };
    for (
      const config of [
        {},
        { sandbox_mode: "danger-full-access" as const },
        { default_permissions: "guard" },
      ]
    ) assertEquals(sent({ inherited }, config), policySent(policy));
  }
  const inherited = { kind: "kept" as const, profile: null, policy: WRITE };
  assertEquals(
    sent({ inherited, addDirs: ["/x"] }).turn.sandboxPolicy,
    { ...WRITE, writableRoots: ["/opt", "/x"] },
  );
});

Deno.test("bug 2: in another directory a thread that wrote has what is configured there, and never more than it had", () => {
  const left = (mode: "workspace-write" | "danger-full-access") => ({
    inherited: { kind: "left" as const, mode },
  });
  const modeSent = (...args: Parameters<typeof sent>) =>
    sent(...args).turn.sandboxPolicy?.type;
  assertEquals(modeSent(left("workspace-write")), "readOnly");
  assertEquals(modeSent(left("danger-full-access")), "readOnly");
  assertEquals(
    modeSent(left("workspace-write"), { sandbox_mode: "danger-full-access" }),
    "readOnly",
  );
  assertEquals(
    modeSent(left("danger-full-access"), { sandbox_mode: "workspace-write" }),
    "workspaceWrite",
  );
  assertEquals(
    sent(left("workspace-write"), { default_permissions: "guard" }).turn,
    { permissions: "guard" },
  );
});

Deno.test("bug 1: a new thread has the configured profile, which goes before a configured mode, and is opened read-only", () => {
  const config = {
    default_permissions: "guard",
    sandbox_mode: "danger-full-access" as const,
  };
  assertEquals(sent({}, config), {
    open: { permissions: ":read-only" },
    turn: { permissions: "guard" },
  });
  assertEquals(sent({}, { default_permissions: ":read-only" }), NOTHING);
  assertEquals(sent({ experimental: false }, config), NOTHING);
  assertEquals(
    sent({ sandbox: "read-only" }, config),
    policySent(READ_ONLY),
  );
});
