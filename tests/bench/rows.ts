/** The lines of the bench's table: what each is compared with, and its limit. */
import { CROWD, SESSIONS, type Times, TURNS } from "./measure.ts";
import { atMost, atMostOver, atMostTimes, type Row, row } from "./report.ts";

/** A line for everything that was measured. */
export function rowsOf(times: Times): Row[] {
  const bare = row("`deno run` of an empty file", "ms", times.bare);
  const crowd = row(
    `${CROWD} such runs at once`,
    "ms",
    times.crowd,
  );
  const bareText = row(
    "bare app-server client, first text",
    "ms",
    times.bareText,
  );
  const exec = row("`codex exec`, start to exit", "ms", times.exec);
  const onBare = "bare deno";
  return [
    bare,
    row(
      "`new`",
      "ms",
      times.new,
      atMostTimes(2.5, bare, onBare),
      atMost("max", 1000, "ms"),
    ),
    crowd,
    row(
      `${CROWD} \`new\` at once, to the last id`,
      "ms",
      times.newCrowd,
      atMostTimes(3, crowd, "as many bare deno"),
    ),
    row("`status`", "ms", times.status, atMostTimes(3.5, bare, onBare)),
    row(
      `\`list-turns\`, ${TURNS} turns`,
      "ms",
      times.listTurns,
      atMostTimes(5, bare, onBare),
    ),
    row(
      `\`continue\`, newest of ${SESSIONS} sessions`,
      "ms",
      times.newest,
      atMostTimes(9, bare, onBare),
    ),
    row(
      `\`continue\`, oldest of ${SESSIONS} sessions`,
      "ms",
      times.oldest,
      atMostTimes(9, bare, onBare),
    ),
    exec,
    row(
      "whole turn, `new` to marker",
      "ms",
      times.turn,
      atMostTimes(1.25, exec, "`codex exec`"),
    ),
    row(
      "whole turn through the SDK",
      "ms",
      times.turnSdk,
      atMostTimes(1.35, exec, "`codex exec`"),
    ),
    bareText,
    row(
      "`new` to first text",
      "ms",
      times.firstText,
      atMostOver(6, bare, bareText, "the bare client"),
    ),
    row(
      "waiting worker with guardian",
      "MB",
      times.resident,
      atMost("max", 60, "MB"),
    ),
    row(
      "marker to exit of `wait`",
      "ms",
      times.marker,
      atMost("p90", 50, "ms"),
    ),
    row(
      "byte to `tail --follow`'s stdout",
      "ms",
      times.byte,
      atMost("p90", 50, "ms"),
    ),
    row(
      "idle `wait`, `tail --follow`",
      "%",
      times.idle,
      atMost("max", 0.2, "%"),
    ),
  ];
}
