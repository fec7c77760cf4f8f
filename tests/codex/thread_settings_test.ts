import { assertEquals } from "@std/assert";
import { settingsOf } from "../../assets/lib/codex/thread_settings.ts";

Deno.test("bug 1: a turn's profile, who is asked and its directory are read beside the sandbox", () => {
  assertEquals(
    settingsOf({
      model: "m",
      cwd: "/w",
      approval_policy: "untrusted",
      approvals_reviewer: "user",
      active_permission_profile: { id: "guard" },
      permission_profile: { type: "managed", network: "restricted" },
      sandbox_policy: {
        type: "workspace-write",
        writable_roots: ["/opt"],
        network_access: false,
        exclude_tmpdir_env_var: true,
        exclude_slash_tmp: true,
      },
    }),
    {
      model: "m",
      cwd: "/w",
      approvals: "untrusted",
      reviewer: "user",
      profile: "guard",
      policy: {
        type: "workspaceWrite",
        writableRoots: ["/opt"],
        networkAccess: false,
        excludeTmpdirEnvVar: true,
        excludeSlashTmp: true,
      },
    },
  );
});

Deno.test("a policy is read whatever era wrote it", () => {
  const policy = (sandbox_policy: unknown) =>
    settingsOf({ sandbox_policy }).policy;
  assertEquals(policy({ mode: "danger-full-access" }), {
    type: "dangerFullAccess",
  });
  assertEquals(policy({ type: "read-only" }), {
    type: "readOnly",
    networkAccess: false,
  });
  assertEquals(
    policy({ type: "external-sandbox", network_access: "enabled" }),
    {
      type: "externalSandbox",
      networkAccess: "enabled",
    },
  );
  for (const unknown of [{ type: "hologram" }, {}, null, "x", 7]) {
    assertEquals(policy(unknown), null);
  }
});

Deno.test("where only the profile's entries are recorded, they are what counts", () => {
  const policy = (permission_profile: unknown) =>
    settingsOf({ cwd: "/w", permission_profile }).policy;
  const entry = (path: unknown, access: string) => ({ path, access });
  const root = entry({ type: "special", value: { kind: "root" } }, "read");
  const managed = (entries: unknown[], network = "restricted") => ({
    type: "managed",
    file_system: { type: "restricted", entries },
    network,
  });
  assertEquals(policy({ type: "disabled" }), { type: "dangerFullAccess" });
  assertEquals(policy(managed([root])), {
    type: "readOnly",
    networkAccess: false,
  });
  assertEquals(
    policy(managed([
      root,
      entry({ type: "path", path: "/w" }, "write"),
      entry({ type: "path", path: "/opt" }, "write"),
      entry({ type: "special", value: { kind: "tmpdir" } }, "write"),
    ], "enabled")),
    {
      type: "workspaceWrite",
      writableRoots: ["/opt"],
      networkAccess: true,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: true,
    },
  );
  assertEquals(policy(undefined), null);
});

Deno.test("an approval policy that nobody takes any more asks, and one that nobody knows asks most", () => {
  const approvals = (approval_policy: unknown) =>
    settingsOf({ approval_policy }).approvals;
  assertEquals(approvals("never"), "never");
  assertEquals(approvals("on-failure"), "on-request");
  assertEquals(approvals("sometimes"), "untrusted");
  assertEquals(approvals({ granular: { rules: true } }), {
    granular: { rules: true },
  });
  assertEquals(approvals(undefined), null);
});
