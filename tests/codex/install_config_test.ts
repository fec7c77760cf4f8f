import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import {
  checkPinnedBinary,
  fingerprintOf,
  type InstallConfig,
  parseInstallConfig,
  readInstallConfig,
  writeInstallConfig,
} from "../../assets/lib/codex/install_config.ts";
import { json, text } from "../arbitrary.ts";
import { withHome } from "../turns/state_home.ts";

const CONFIG: InstallConfig = {
  schema_version: 1,
  library_version: "1.0.0",
  codex_path: "/usr/bin/codex",
  codex_version: "0.169.0",
  codex_fingerprint: { size: 1, mtime_ms: 2, inode: 3 },
  codex_sha256: "",
  max_concurrent: 4,
  set_up_at: "2026-01-01T00:00:00.000Z",
};

Deno.test(
  "a config is written private and read back, and a missing one is told apart",
  withHome((home) => {
    assertEquals(readInstallConfig(), { kind: "missing" });
    writeInstallConfig(CONFIG);
    assertEquals(readInstallConfig(), { kind: "ok", config: CONFIG });
    const path = join(home, ".codex-server/config.json");
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    assertEquals(readInstallConfig().kind, "malformed");
  }),
);

Deno.test("a config without one of its fields, or of a newer version, is malformed", () => {
  for (const field of Object.keys(CONFIG)) {
    if (field === "codex_sha256" || field === "set_up_at") continue;
    const text = JSON.stringify({ ...CONFIG, [field]: undefined });
    assertEquals(parseInstallConfig(text).kind, "malformed", field);
  }
  const newer = parseInstallConfig(
    JSON.stringify({ ...CONFIG, schema_version: 2 }),
  );
  if (newer.kind === "malformed") assertMatch(newer.reason, /newer/);
});

Deno.test("G7 review S5: a pinned binary is looked at by type, mode, first bytes and the directories above it, and a replaced one is noticed", () => {
  const dir = Deno.makeTempDirSync();
  const make = (name: string, bytes: Uint8Array, mode: number) => {
    const path = join(dir, name);
    Deno.writeFileSync(path, bytes);
    Deno.chmodSync(path, mode);
    return path;
  };
  const ELF = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2]);
  const SCRIPT = new TextEncoder().encode("#!/bin/sh\n");
  const look = (path: string) =>
    checkPinnedBinary(path, { size: 0, mtime_ms: 0, inode: 0 });
  try {
    for (const bytes of [ELF, SCRIPT]) {
      const path = make("good", bytes, 0o755);
      const fingerprint = fingerprintOf(Deno.statSync(path));
      assertEquals(checkPinnedBinary(path, fingerprint), {
        kind: "ok",
        changed: false,
      });
      assertEquals(look(path), { kind: "ok", changed: true });
    }
    for (
      const path of [
        make("plain", ELF, 0o644),
        make("group", ELF, 0o775),
        make("world", ELF, 0o757),
        make("text", new TextEncoder().encode("echo"), 0o755),
        make("short", new Uint8Array([0x7f]), 0o755),
        dir,
        join(dir, "gone"),
        join(dir, "plain/below"),
      ]
    ) assertEquals(look(path).kind, "broken", path);
    // G7 in a directory, or behind a link in one, where others may put another codex.
    const inside = join(dir, "open/below/codex");
    Deno.mkdirSync(join(dir, "open/below"), { recursive: true });
    Deno.copyFileSync(join(dir, "good"), inside);
    const link = join(dir, "codex");
    for (const mode of [0o777, 0o757]) {
      Deno.chmodSync(join(dir, "open"), mode);
      assertEquals(look(inside), {
        kind: "broken",
        reason: `lies below ${dir}/open, which others may write`,
      });
    }
    // In a sticky one nobody else can replace what is the user's; another's entry is.
    Deno.chmodSync(join(dir, "open"), 0o1777);
    assertEquals(look(inside).kind, "ok");
    Deno.chownSync(join(dir, "open/below"), 65534, 65534);
    assertEquals(look(inside).kind, "broken", "another user's entry");
    Deno.chownSync(join(dir, "open/below"), Deno.uid(), Deno.gid());
    Deno.chmodSync(join(dir, "open"), 0o777);
    Deno.symlinkSync(join(dir, "good"), join(dir, "open/link"));
    Deno.symlinkSync(inside, link);
    for (const path of [join(dir, "open/link"), link]) {
      assertEquals(look(path).kind, "broken", path);
    }
    Deno.chmodSync(join(dir, "open"), 0o755);
    Deno.chownSync(join(dir, "open"), 65534, 65534);
    assertEquals(look(inside).kind, "broken", "another user's directory");
    Deno.chownSync(join(dir, "open"), Deno.uid(), Deno.gid());
    assertEquals(look(inside).kind, "ok");
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});

const field = fc.constantFrom(...Object.keys(CONFIG), "future", "__proto__");

Deno.test("any text is read as a configuration that can be used, or is malformed with a reason", () => {
  const changed = fc.dictionary(field, json).map((change) =>
    JSON.stringify({ ...CONFIG, ...change })
  );
  fc.assert(
    fc.property(
      fc.oneof(changed, text, json.map((value) => JSON.stringify(value))),
      (source) => {
        const reading = parseInstallConfig(source);
        if (reading.kind === "malformed") return assert(reading.reason !== "");
        assert(reading.kind === "ok");
        const { config } = reading;
        assertEquals(typeof config.codex_path, "string");
        assertEquals(typeof config.codex_version, "string");
        assertEquals(typeof config.codex_fingerprint, "object");
        assert(Number.isInteger(config.max_concurrent));
        assert(config.max_concurrent >= 1);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("a torn configuration is never taken for a whole one", () => {
  const whole = JSON.stringify(CONFIG);
  fc.assert(fc.property(fc.nat(whole.length - 1), (length) => {
    assertEquals(parseInstallConfig(whole.slice(0, length)).kind, "malformed");
  }));
});
