import { assertEquals, assertThrows } from "@std/assert";
import { UnfitAnswer } from "../../assets/lib/codex/answer_texts.ts";
import { grantOf } from "../../assets/lib/codex/permission_part.ts";

const path = (path: string) => ({ type: "path", path });
const ROOTS = {
  type: "special",
  value: { kind: "project_roots", subpath: "docs" },
};

/** What codex 0.171.0 asks, in both of its forms. */
const ASKED = {
  network: { enabled: true },
  fileSystem: {
    read: ["/opt"],
    write: ["/srv"],
    entries: [
      { path: path("/opt"), access: "read" },
      { path: path("/srv"), access: "write" },
      { path: ROOTS, access: "write" },
    ],
  },
};
const ONLY_NETWORK = { network: { enabled: true }, fileSystem: null };
const NO_NETWORK = { network: { enabled: null }, fileSystem: ASKED.fileSystem };

const files = (fileSystem: unknown) => ({ fileSystem });
const entry = (where: unknown, access = "write") =>
  files({ entries: [{ path: where, access }] });

const PARTS: [name: string, grant: Record<string, unknown>][] = [
  ["the network", { network: { enabled: true } }],
  ["no network", { network: { enabled: false }, fileSystem: null }],
  ["the very path", files({ write: ["/srv"] })],
  ["a directory below it", files({ write: ["/srv/a/b"], read: null })],
  ["reading where writing is asked", files({ read: ["/srv/x"] })],
  ["an entry", entry(path("/srv/a"))],
  [
    "a place by its name, in any order of fields",
    entry({
      value: { subpath: "docs", kind: "project_roots" },
      type: "special",
    }),
  ],
  ["being kept from something", entry(path("/etc"), "deny")],
];
for (const [name, grant] of PARTS) {
  Deno.test(`review S10: a part of what is asked is granted: ${name}`, () => {
    const { network, fileSystem } = grantOf(grant, ASKED) as typeof ASKED;
    assertEquals(network ?? null, (grant.network ?? null) as typeof network);
    assertEquals(
      Object.keys(fileSystem ?? {}),
      Object.entries(grant.fileSystem ?? {})
        .filter(([, value]) => value !== null).map(([key]) => key),
    );
  });
}

const STRANGE: [name: string, grant: unknown, asked: unknown][] = [
  ["a name that codex does not know", { newtork: { enabled: true } }, ASKED],
  [
    "files where the network is asked",
    files({ write: ["/etc"] }),
    ONLY_NETWORK,
  ],
  ["the network where files are asked", { network: { enabled: true } }, {
    network: null,
    fileSystem: ASKED.fileSystem,
  }],
  [
    "a network that is not asked to be on",
    { network: { enabled: true } },
    NO_NETWORK,
  ],
  ["hosts", { network: { enabled: true, hosts: ["x"] } }, ASKED],
  ["everything", files({ write: ["/"] }), ASKED],
  ["another path", files({ write: ["/etc"] }), ASKED],
  ["a path that begins alike", files({ write: ["/srv2"] }), ASKED],
  ["a path that leads out", files({ write: ["/srv/../etc"] }), ASKED],
  ["a relative path", files({ write: ["srv"] }), ASKED],
  ["writing where reading is asked", files({ write: ["/opt"] }), ASKED],
  ["an entry elsewhere", entry(path("/etc")), ASKED],
  [
    "the same place with more below",
    entry({
      type: "special",
      value: { kind: "project_roots", subpath: null },
    }),
    ASKED,
  ],
  ["a pattern", entry({ type: "glob_pattern", pattern: "/srv/**" }), ASKED],
  ["a form of its own", files({ execute: ["/srv"] }), ASKED],
];
for (const [name, grant, asked] of STRANGE) {
  Deno.test(`review S10: what is not asked for is not granted: ${name}`, () => {
    assertThrows(() => grantOf(grant, asked), UnfitAnswer, "does not ask");
  });
}

Deno.test("review S10: what codex asks to be kept from goes with every grant of files", () => {
  const secret = { path: path("/srv/secret"), access: "deny" };
  const asked = files({
    read: null,
    write: null,
    globScanMaxDepth: 3,
    entries: [{ path: path("/srv"), access: "write" }, secret],
  });
  assertEquals(grantOf(files({ write: ["/srv/a"] }), asked), {
    fileSystem: {
      globScanMaxDepth: 3,
      entries: [{ access: "write", path: path("/srv/a") }, secret],
    },
  });
});

Deno.test("without a grant all that is asked is granted, without what it says null of", () => {
  assertEquals(grantOf(null, ONLY_NETWORK), { network: { enabled: true } });
});
