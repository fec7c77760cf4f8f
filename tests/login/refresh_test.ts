import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Lab, openLab } from "../lab.ts";
import { accessToken } from "../loopback/access_token.ts";
import { startTokenService } from "./token_service.ts";

/** Leaves the login in place, its tokens run out. */
function expireLogin({ home }: Lab): void {
  const path = join(home.codexHome, "auth.json");
  const auth = JSON.parse(Deno.readTextFileSync(path));
  const token = accessToken({ expiresInSeconds: -60 });
  auth.tokens = { ...auth.tokens, id_token: token, access_token: token };
  Deno.writeTextFileSync(path, JSON.stringify(auth));
}

for (const engine of ["app-server", "sdk"]) {
  Deno.test(`F15 ten turns that start at token expiry make one refresh, and nobody is logged out (${engine})`, async () => {
    await using lab = await openLab();
    // A home that codex has made itself at home in, as a user's is.
    await lab.run("first");
    expireLogin(lab);
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
      turns.map(({ status, text, error }) =>
        `${status}: ${error?.message ?? text}`
      ),
      turns.map((_, i) => `complete: You said: nonce-${i}`),
    );
    assertEquals({ granted: service.granted, reused: service.reused }, {
      granted: 1,
      reused: 0,
    });
  });
}
