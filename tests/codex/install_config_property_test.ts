import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type InstallConfig,
  parseInstallConfig,
} from "../../assets/lib/codex/install_config.ts";
import { json, text } from "../arbitrary.ts";

const SOUND: InstallConfig = {
  schema_version: 1,
  library_version: "1.0.0",
  codex_path: "/usr/bin/codex",
  codex_version: "0.169.0",
  codex_fingerprint: { size: 1, mtime_ms: 2, inode: 3 },
  codex_sha256: "",
  max_concurrent: 8,
  set_up_at: "2026-01-01T00:00:00.000Z",
};
const field = fc.constantFrom(...Object.keys(SOUND), "future", "__proto__");

Deno.test("any text is read as a configuration that can be used, or is malformed with a reason", () => {
  const changed = fc.dictionary(field, json).map((change) =>
    JSON.stringify({ ...SOUND, ...change })
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
  const whole = JSON.stringify(SOUND);
  fc.assert(fc.property(fc.nat(whole.length - 1), (length) => {
    assertEquals(parseInstallConfig(whole.slice(0, length)).kind, "malformed");
  }));
});
