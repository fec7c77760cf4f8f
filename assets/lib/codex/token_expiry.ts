/** When the login's access token expires; nothing else of a token is read. */
import { wallMs } from "../system/clock.ts";
import { readTextIfExists, statIfExists } from "../system/files.ts";
import { codexHome } from "../system/paths.ts";

/** Codex refreshes a token that has less than two minutes left; this is a little more. */
const REFRESH_MS = 150_000;

const authPath = (): string => `${codexHome()}/auth.json`;

/** The `exp` of the access token in the text of an auth.json, ms since the epoch; null without one. */
export function expiryOf(authText: string): number | null {
  try {
    const payload = JSON.parse(authText).tokens.access_token.split(".")[1];
    const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(base64));
    return typeof exp === "number" ? exp * 1000 : null;
  } catch {
    return null;
  }
}

/** Whether the next codex that starts will refresh the login. */
export function isRefreshDue(): boolean {
  try {
    const expiry = expiryOf(readTextIfExists(authPath()) ?? "");
    return expiry !== null && expiry - wallMs() < REFRESH_MS;
  } catch {
    return false; // unreadable: codex will say so
  }
}

/** Changes when codex rewrites auth.json, which might be a link. */
export function loginStamp(): number {
  return statIfExists(authPath())?.mtime?.getTime() ?? 0;
}
