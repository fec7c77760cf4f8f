/** Who the caller is. */
import { homeDir } from "./paths.ts";

/** The user id of this process; without `--allow-sys=uid` the owner of the home is used. */
export function ownUid(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : Deno.statSync(homeDir()).uid;
}
