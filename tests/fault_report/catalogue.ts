/**
 * The fault catalogue: what a user's machine will sooner or later do to this tool, and what
 * the tool does then. `deno task faults` reports one line for each id; the table in
 * references/reliability.md is made from these texts.
 */

/** One row: its id, what goes wrong, what happens then. */
export type Fault = [id: string, fault: string, outcome: string];

/** One letter of the catalogue. */
export interface Chapter {
  title: string;
  faults: Fault[];
}

export const CATALOGUE: Chapter[] = [
  {
    title: "The worker and its processes",
    faults: [
      [
        "A1",
        "`new` killed at any system call that matters",
        "no id was printed and gc sweeps what is left, or the turn is whole and tracked; no live worker without meta.json",
      ],
      [
        "A2",
        "worker killed before it takes its lock",
        "`abandoned`, at the latest after 60 s; `wait` fails; a worker that comes after somebody has been told so starts nothing",
      ],
      [
        "A3",
        "worker killed (SIGKILL) in the middle of a turn",
        "a waiter knows at once; out.txt keeps what there was; the thread is named and can be continued",
      ],
      [
        "A4",
        "killed while meta.json is written",
        "old or new content, never a torn one; the temporary file is swept",
      ],
      [
        "A5",
        "killed between the end of the turn and its marker",
        "`complete`, read from events.jsonl",
      ],
      [
        "A6",
        "SIGTERM, SIGINT or SIGHUP to the worker",
        "codex is interrupted, the turn ends `cancelled`",
      ],
      [
        "A7",
        "worker stopped (SIGSTOP) for a while, then continued",
        "`running` with the seconds of silence, then it completes",
      ],
      ["A8", "the caller's process group is killed", "the worker lives"],
      ["A9", "the caller's session is killed", "the worker lives"],
      ["A10", "the caller's terminal closes", "the worker lives"],
      ["A11", "`x=$(… new …)`", "returns at once, the turn runs on"],
      [
        "A12",
        "the same with `3>&1` and `{fd}>&1` (10 and up); a caller's `flock` on such a descriptor",
        "returns at once; the lock is the caller's alone",
      ],
      [
        "A13",
        "stdout closed, or a full pipe that does not block",
        "the whole JSON, or an error; a turn that runs is named in it",
      ],
      ["A14", "a zombie worker that nobody reaps", "not `running`"],
      [
        "A15",
        "the worker's pid given to another process",
        "`abandoned`; nothing is signalled",
      ],
      ["A16", "the machine was rebooted", "`abandoned`; nothing is signalled"],
      [
        "A17",
        "a recorded pid of −1, 0, 1, 10⁹ or `x`",
        "not used; nothing is signalled",
      ],
      [
        "A18",
        "worker killed: codex is an orphan",
        "gone within 2 s, with both engines",
      ],
      [
        "A19",
        "a command of codex's opens a session of its own",
        "ended with the tree, or reported",
      ],
      [
        "A20",
        "the worker cannot be started",
        "an error and exit 7; no turn is left starting",
      ],
      ["A21", "no file descriptors left", "a clean error"],
      ["A22", "the worker runs out of memory", "`abandoned` with a reason"],
      [
        "A23",
        "an uncaught rejection in the worker",
        "an `error` marker with the reason",
      ],
      [
        "A24",
        "no /proc (hidden from the guardian's scripts; `ps` alone, as on macOS), under dash, bash --posix and busybox sh",
        "the same tree is ended",
      ],
      [
        "A25",
        "a command whose name holds a line break or a parenthesis",
        "ended with its tree",
      ],
      [
        "A26",
        "a stopped worker (SIGSTOP) is asked to steer or approve",
        "the caller is told after a bounded time, and what was given up is not carried out later",
      ],
    ],
  },
  {
    title: "The codex process",
    faults: [
      ["B1", "killed", "`error` that names the signal"],
      ["B2", "exits 3 with words on stderr", "`error` with code and words"],
      ["B3", "segmentation fault", "`error` that names the signal"],
      ["B4", "exits 0 without any event", "`error`: incomplete"],
      ["B5", "exits 0 without an end of the turn", "`error`: incomplete"],
      ["B6", "no first event", "`stalled` at the idle limit, said so"],
      [
        "B7",
        "the stream stalls",
        "`stalled` with the time; a command that runs is no stall",
      ],
      ["B8", "ignores SIGTERM", "killed within 5 s"],
      ["B9", "stdout closed, the process lives on", "over within 2 s"],
      ["B10", "lingers after the end of the turn", "over within 2 s"],
      ["B11", "a grandchild holds stdout open", "over within 2 s"],
      ["B12", "a line of garbage", "in worker.log; the turn goes on"],
      ["B13", "blank lines, CRLF", "the turn goes on"],
      ["B14", "a line of 50 MB", "handled, in bounded memory"],
      ["B15", "1 GB without a newline", "stopped at a cap, and said so"],
      ["B16", "invalid UTF-8", "U+FFFD"],
      ["B17", "UTF-8 cut at every byte", "the same text"],
      ["B18", "half a JSON document at the end", "`error`: incomplete"],
      ["B19", "unknown events and items", "stored and passed over"],
      ["B20", "two ends of the turn", "the first one counts"],
      ["B21", "turn.failed, then exit 0", "`error`"],
      ["B22", "100 MB on stderr", "bounded memory and log"],
      ["B23", "exits before it reads its input", "the worker survives"],
      ["B24", "a million small events", "none lost, in bounded memory"],
      [
        "B25",
        "the model answers 401, 429, 500, hangs or cuts the stream",
        "retries are shown as such, then a clear `error`",
      ],
      [
        "B26",
        "app-server: error reply, wrong id, unknown request, death",
        "requests are answered by policy, the turn ends `error`",
      ],
      ["B27", "`Reconnecting… 2/5`", "the turn goes on"],
      [
        "B28",
        "a required MCP server that needs 66 s, its own limit 120 s",
        "the turn waits for it; the message of a real time-out names the server",
      ],
      [
        "B29",
        "a sub-agent works for longer than the idle limit while its parent waits for it",
        "not silent",
      ],
      [
        "B30",
        "a command handed to the background, then the model never answers",
        "silent: ended at the idle limit",
      ],
      [
        "B31",
        "codex waits for a person longer than the idle limit",
        "not silent",
      ],
    ],
  },
  {
    title: "The clock",
    faults: [
      [
        "C1",
        "the wall clock jumps by a day",
        "deadlines do not move; gc removes no unfinished turn",
      ],
      ["C2", "the machine sleeps", "the watchdog starts again"],
      ["C3", "100 ids in one millisecond", "distinct, in order"],
      [
        "C4",
        "durations beyond 2^31 ms, and 0, for every flag that takes time",
        "kept, or refused; never at once",
      ],
    ],
  },
  {
    title: "The disk",
    faults: [
      [
        "D1",
        "disk full at any write",
        "an `error` marker of no bytes; meta.json is never lost",
      ],
      ["D2", "no inodes left", "`new` fails cleanly"],
      ["D3", "fsync fails", "reported"],
      ["D4", "home is read-only", "an error at once"],
      ["D5", "permission denied", "an error at once"],
      ["D6", "the state directory is a link", "only to one of the same owner"],
      [
        "D7",
        "the state directory is open to others",
        "refused, with the command that mends it",
      ],
      ["D8", "umask 000, 022, 777", "directories 0700, files 0600"],
      ["D9", "links planted where files will be", "refused, target untouched"],
      [
        "D10",
        "the turn's directory deleted while it runs",
        "codex is stopped; the directory is not made again",
      ],
      ["D11", "gc meets a running turn", "left alone"],
      ["D12", "gc meets a reader", "it finishes, or hears `missing`"],
      ["D13", "two setups or sweeps at once", "one works, one waits or skips"],
      ["D14", "gc killed half-way", "the next one finishes"],
      ["D15", "library replaced while workers run", "they finish on the old"],
      ["D16", "meta.json of a newer version", "said so, not misread"],
      [
        "D17",
        "meta.json or config.json empty, cut, `null`, an array, 100 MB",
        "that turn is `corrupt`, the others still list",
      ],
      [
        "D18",
        "events.jsonl cut in a line",
        "the rest of a line is passed over",
      ],
      ["D19", "`done` and `error` both there", "`done` counts, and it is told"],
      ["D20", "stray files among the turns", "passed over"],
      ["D21", "Deno's cache not writable", "works"],
      [
        "D23",
        "power loss after each unsynced write",
        "what is left is told as what it is",
      ],
      [
        "D24",
        "a turn directory that cannot be removed (foreign, busy)",
        "the sweep goes on with the others and says so; setup succeeds",
      ],
      [
        "D25",
        "meta.json, result.json, events.jsonl of every earlier version",
        "load",
      ],
      [
        "D26",
        "`~/.codex` read-only, missing, of another user",
        "one line that says which and what to do",
      ],
    ],
  },
  {
    title: "Input",
    faults: [
      ["E1", "a blank prompt", "usage error, no turn"],
      ["E2", "a prompt over codex's cap", "refused, with the cap"],
      ["E3", "a prompt of exactly the cap", "accepted"],
      [
        "E4",
        "prompts that look like flags",
        "data, never an option of codex",
      ],
      ["E5", "the prompt on stdin", "read"],
      ["E6", "stdin never closes", "not waited for unless asked"],
      ["E7", "NUL", "a defined answer"],
      ["E8", "invalid UTF-8", "a defined answer"],
      ["E9", "lone surrogates", "a defined answer"],
      [
        "E10",
        "`$(touch x)`, backticks, quotes, `\\d+`, `C:\\x`",
        "byte for byte, and nothing runs",
      ],
      ["E12", "turn ids such as `../../x`", "refused before a path is touched"],
      ["E13", "a turn that is a link", "refused"],
      [
        "E14",
        "schema or image missing, a directory, a FIFO",
        "refused before a turn is made",
      ],
      ["E15", "a schema that is no JSON object", "refused, with the reason"],
      ["E16", "no such directory, or a file", "refused"],
      ["E17", "the directory deleted before or during", "a clear `error`"],
      ["E18", "an unknown thread", "exit 6, or codex's reason"],
      ["E19", "two turns on one thread", "the second is refused"],
      ["E20", "unknown flags, missing values", "usage error; nothing runs"],
      [
        "E21",
        "an image that is none, is cut off, is a type the model cannot read, or is a URL",
        "refused before a turn is made, file and reason named",
      ],
      [
        "E22",
        "a base, commit or branch that does not exist; nothing to review",
        "refused before a turn is made",
      ],
      [
        "E23",
        "a label that looks like part of an id; one that a live turn has; the same label in two repositories",
        "refused · refused · each its own",
      ],
      [
        "E24",
        "`--key` again with another prompt, flags or directory",
        "refused, the first turn named",
      ],
      [
        "E25",
        "`continue` of a thread under a permission profile, with approvals asked, of another directory",
        "as tight as before, in its own directory",
      ],
      [
        "E26",
        "the model ends without a message",
        "said, with a field; with a schema exit 5 and the true reason",
      ],
    ],
  },
  {
    title: "The codex binary and the login",
    faults: [
      ["F1", "pinned codex gone", "an error that names path and setup"],
      ["F2", "not executable", "an error that names path and setup"],
      ["F3", "a directory", "an error that names path and setup"],
      ["F4", "a script without shebang", "an error that names path and setup"],
      ["F5", "codex upgraded since setup", "noticed; works"],
      ["F6", "pinned codex writable by others", "refused"],
      ["F7", "another codex first on PATH", "the pinned one runs"],
      [
        "F8",
        "auth.json missing, empty, malformed, unreadable",
        "exit 2 and the login guide",
      ],
      ["F9", "auth.json holds an API key only", "refused, left untouched"],
      ["F10", "token expired or revoked", "an `error` that says `codex login`"],
      ["F11", "auth.json readable by others", "warned"],
      ["F12", "auth.json empty for a moment", "looked at again"],
      ["F13", "login in the keyring", "not called logged out"],
      [
        "F14",
        "API keys in the environment",
        "absent or empty at codex, and in no request",
      ],
      ["F15", "ten turns at token expiry", "one refresh, nobody logged out"],
    ],
  },
  {
    title: "Secrets and the terminal",
    faults: [
      ["G1", "the prompt in `ps`", "on no command line"],
      ["G2", "the token in the state directory", "nowhere"],
      [
        "G3",
        "umask 022 and 077",
        "what codex makes in the repository has the caller's modes; ours stay 0600",
      ],
      [
        "G4",
        "terminal escapes in the model's text",
        "raw in out.txt, harmless on a terminal, escaped in JSON",
      ],
      ["G5", "newlines in metadata", "forge no line"],
      [
        "G6",
        "`--trace` with secrets in config.toml and in `--config`",
        "redacted in rpc.jsonl, not in argv",
      ],
      [
        "G7",
        "a codex in a directory that others may write; a pinned binary whose content changed",
        "refused · noticed by its digest",
      ],
    ],
  },
  {
    title: "Scale and readers",
    faults: [
      ["H1", "100 `new` at once", "100 ids, 100 ends"],
      ["H2", "1,000 stored turns", "listed within 100 ms of a bare start"],
      ["H3", "100,000 stored turns", "the newest 50 in 0.7 s"],
      ["H4", "1,000 turns in a row", "nothing grows"],
      ["H5", "a reader among split characters and lines", "byte-exact"],
      ["H6", "`tail --follow | head -1`", "exits within 1 s"],
      ["H7", "inotify exhausted", "polls"],
      ["H8", "100 waiters", "together under 5 % of a core"],
      ["H10", "`tail` at the very end", "the last bytes are never missed"],
      [
        "H11",
        "60 `new` at once on one core that four busy loops share",
        "60 ids, 60 right answers, none abandoned",
      ],
      [
        "H12",
        "12 newcomers while 4 wait for one slot",
        "served in the order in which they came",
      ],
    ],
  },
  {
    title: "Cancelling",
    faults: [
      ["I1", "before the start", "codex never runs"],
      ["I2", "during", "`cancelled` within 5 s"],
      ["I3", "after the end", "says so, exit 0"],
      ["I4", "twice at once", "one marker"],
      ["I5", "racing with the end", "one marker, one winner"],
      ["I6", "an unknown turn", "says so"],
      ["I7", "a dead worker", "says so"],
      ["I8", "on a full disk", "still cancels"],
    ],
  },
];

/** All ids, in order. */
export const IDS: string[] = CATALOGUE.flatMap(({ faults }) =>
  faults.map(([id]) => id)
);
