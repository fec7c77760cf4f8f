/** Values for property tests: texts that hurt, JSON that nobody meant, and cuts anywhere. */
import fc from "fast-check";

/** Pieces that terminals, shells, paths and parsers trip over. */
const NASTY = [
  ...["\u001b", "\u001b[31m", "\u001b]52;c;", "\u0007", "\u009b", "\u0090"],
  ...["\r", "\n", "\r\n", "\t", "\0", "\u2028", "\u202e", "\u2066", "\u061c"],
  ...[
    "é",
    "漢",
    "👩‍👧",
    "\ufeff",
    "--",
    "--json",
    "-",
    "=",
    "../",
    "%2e",
    "$(x)",
  ],
  ...["{", "}", "[", "]", '"', "\\", "null", "constructor", "__proto__"],
];

/** Any text without lone surrogates, controls and all. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(
    fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 4 })),
    { maxLength: 12 },
  ).map((pieces) => pieces.join("")),
);

/** Any JSON value as `JSON.parse` makes it, names like `__proto__` and `toString` included. */
export const json: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.json({ depthSize: "small" }).map((source) =>
      JSON.parse(source)
    ),
  },
  fc.constantFrom('{"__proto__":1}', '{"toString":1,"length":-1}', "1e999")
    .map((source) => JSON.parse(source)),
);

/** Where to cut a whole: parts of its length. */
export const cuts: fc.Arbitrary<number[]> = fc.array(
  fc.double({ min: 0, max: 1, noNaN: true }),
  { maxLength: 12 },
);

/** `whole` in pieces, cut at these parts of its length; empty pieces included. */
export function cutAt<T extends string | Uint8Array>(
  whole: T,
  at: number[],
): T[] {
  const places = at.map((part) => Math.round(part * whole.length));
  const edges = [0, ...places.toSorted((a, b) => a - b), whole.length];
  return edges.slice(1).map((end, index) =>
    whole.slice(edges[index], end) as T
  );
}
