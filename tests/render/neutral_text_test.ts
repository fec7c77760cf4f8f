import { assert, assertEquals } from "@std/assert";
import { neutralText } from "../../assets/lib/render/neutral_text.ts";
import { ESCAPES_TEXT } from "../loopback/scenarios/text.ts";

Deno.test("no control but newline and tab is left, whatever the text", () => {
  const all = Array.from(
    { length: 0x2100 },
    (_, code) => String.fromCharCode(code),
  ).join("");
  for (const character of neutralText(all + ESCAPES_TEXT)) {
    const code = character.codePointAt(0)!;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    assert(!isControl || character === "\n" || character === "\t");
    assert(!/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(character));
  }
});

Deno.test("a control is shown, and other text stays as it is", () => {
  assertEquals(neutralText("\u001b[31mred\u0007\r"), "␛[31mred␇␍");
  assertEquals(neutralText("\u007f\u009b\u202e"), "␡<U+009B><U+202E>");
  const plain = "a\tb\né 漢字 👩‍👧 שלום";
  assertEquals(neutralText(plain), plain);
});

Deno.test("where the text was cut makes no difference", () => {
  const whole = neutralText(ESCAPES_TEXT);
  for (let cut = 0; cut <= ESCAPES_TEXT.length; cut++) {
    assertEquals(
      neutralText(ESCAPES_TEXT.slice(0, cut)) +
        neutralText(ESCAPES_TEXT.slice(cut)),
      whole,
    );
  }
});
