import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { neutralText } from "../../assets/lib/render/neutral_text.ts";
import { cutAt, cuts, text } from "../arbitrary.ts";
import { ESCAPES_TEXT } from "../loopback/scenarios/text.ts";

/** Any UTF-16 units at all, lone surrogates included. */
const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) =>
  String.fromCharCode(...codes)
);
const anything = fc.oneof(
  text,
  fc.constant(ESCAPES_TEXT),
  units,
  fc.array(fc.integer({ min: 0, max: 0xa0 })).map((codes) =>
    String.fromCharCode(...codes)
  ),
);

/** What a terminal obeys or what turns the reading order: category Cc, and Bidi_Control. */
const HARMFUL = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;

Deno.test("no control survives, wherever the text was cut, and the cuts make no difference", () => {
  fc.assert(
    fc.property(anything, cuts, (text, at) => {
      const shown = cutAt(text, at).map(neutralText).join("");
      assert(!HARMFUL.test(shown), JSON.stringify(shown));
      assertEquals(shown, neutralText(text));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("text without controls stays as it is, and so does what was made harmless", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const plain = text.replace(new RegExp(HARMFUL, "gu"), "");
      assertEquals(neutralText(plain), plain);
      assertEquals(neutralText(neutralText(text)), neutralText(text));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("lines stay lines: as many newlines come out as went in", () => {
  fc.assert(fc.property(anything, (text) => {
    assertEquals(
      neutralText(text).split("\n").length,
      text.split("\n").length,
    );
  }));
});

Deno.test("a control is shown, and other text stays as it is", () => {
  assertEquals(neutralText("\u001b[31mred\u0007\r"), "␛[31mred␇␍");
  assertEquals(neutralText("\u007f\u009b\u202e"), "␡<U+009B><U+202E>");
  const plain = "a\tb\né 漢字 👩‍👧 שלום";
  assertEquals(neutralText(plain), plain);
});
