/** Unsigned tokens in the shape of ChatGPT's: codex reads their claims and checks no signature. */

/** The account that every token names. */
export const ACCOUNT_ID = "00000000-0000-4000-8000-000000000001";

let issued = 0;

/** A token that differs from every earlier one of this process; it has expired where its seconds are negative. */
export function accessToken({ expiresInSeconds = 864_000 } = {}): string {
  issued += 1;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "https://auth.openai.com",
    sub: "user-loopback",
    jti: `loopback-${issued}`,
    iat: Math.min(now, now + expiresInSeconds) - 60,
    exp: now + expiresInSeconds,
    email: "loopback@example.com",
    email_verified: true,
    "https://api.openai.com/auth": {
      chatgpt_account_id: ACCOUNT_ID,
      chatgpt_plan_type: "pro",
      chatgpt_user_id: "user-loopback",
      user_id: "user-loopback",
    },
  };
  return [{ alg: "none", typ: "JWT" }, claims, "loopback"].map((part) =>
    base64Url(JSON.stringify(part))
  ).join(".");
}

function base64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll(
    "=",
    "",
  );
}
