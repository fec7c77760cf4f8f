import { assertEquals } from "@std/assert";
import { openLab } from "../lab.ts";
import { startTokenService } from "./token_service.ts";

for (const engine of ["app-server", "sdk"]) {
  Deno.test(`F15 ten turns that start at token expiry make one refresh, and nobody is logged out (${engine})`, async () => {
    await using lab = await openLab({ auth: "chatgpt_expired" });
    await using service = await startTokenService(lab.home.home);
    const turns = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const args = [
          "new",
          "--engine",
          engine,
          "--wait",
          "--json",
          `nonce-${i}`,
        ];
        const { stdout } = await lab.chat(args, { env: service.env });
        return JSON.parse(stdout);
      }),
    );
    assertEquals(
      turns.map(({ status, text }) => `${status}: ${text}`),
      turns.map((_, i) => `complete: You said: nonce-${i}`),
    );
    assertEquals({ granted: service.granted, reused: service.reused }, {
      granted: 1,
      reused: 0,
    });
  });
}
