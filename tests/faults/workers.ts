/** Turns without a worker that are like another one of their lab. */
import { createTurn } from "../../assets/lib/turns/store.ts";
import type { Lab } from "../lab.ts";
import { idAt } from "../turns/state_home.ts";

/**
 * Makes a turn as `new` does, but starts no worker for it. It is like the turn `likeId`
 * of the lab in all that is not given.
 */
export function makeTurnFor(
  lab: Lab,
  likeId: string,
  { prompt, engine = "app-server", agoMs = 0 }: {
    prompt: string;
    engine?: string;
    /** How long ago it was made. */
    agoMs?: number;
  },
): string {
  const turnId = idAt(Date.now() - agoMs);
  const like = JSON.parse(Deno.readTextFileSync(lab.turn(likeId).meta));
  const before = Deno.env.get("HOME");
  // The paths of a turn follow HOME; this is done before anything else can look at it.
  Deno.env.set("HOME", lab.home.home);
  try {
    createTurn(
      {
        ...like,
        turn_id: turnId,
        thread_id: null,
        pid: null,
        engine,
        started_at: new Date(Date.now() - agoMs).toISOString(),
      },
      new TextEncoder().encode(prompt),
      null,
    );
  } finally {
    if (before === undefined) Deno.env.delete("HOME");
    else Deno.env.set("HOME", before);
  }
  return turnId;
}
