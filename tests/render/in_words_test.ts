import { assertEquals } from "@std/assert";
import { ageInWords, inWords } from "../../assets/lib/render/in_words.ts";

const ID = "01a1fe8e-d5c8-77c3-a907-82476d03171f";

Deno.test("a turn or thread in words: the end of its id, how it began, how old it is", () => {
  for (
    const [prompt, ageMs, words] of [
      ["Say hello", 4000, 'turn 6d03171f "Say hello", 4 s ago'],
      [
        "Explain what this repository does, and why\nit does it",
        4 * 60_000,
        'turn 6d03171f "Explain what this repository does, and …", 4 min ago',
      ],
      [" \n\n a\tb ", -5, 'turn 6d03171f "a b", 0 s ago'],
      ["", 0, "turn 6d03171f, 0 s ago"],
    ] as const
  ) assertEquals(inWords("turn", ID, { prompt, ageMs }), words);
});

Deno.test("an age is told in its largest whole unit", () => {
  const minute = 60_000;
  for (
    const [ms, words] of [
      [59_999, "59 s"],
      [minute, "1 min"],
      [60 * minute - 1, "59 min"],
      [47 * 60 * minute, "47 h"],
      [48 * 60 * minute, "2 d"],
    ] as const
  ) assertEquals(ageInWords(ms), words);
});
