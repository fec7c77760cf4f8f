import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import {
  catalogueFlaw,
  listedModels,
  wordsFlaw,
} from "../../assets/lib/codex/catalogue.ts";
import { isLockHeld } from "../../assets/lib/system/lock.ts";
import { type Lab, openLab, until } from "../lab.ts";

/** All of out.txt: other tests look at it without its warnings. */
const warnings = (lab: Lab, turnId: string): string =>
  Deno.readTextFileSync(lab.turn(turnId).out);

const CATALOGUE = listedModels([
  { model: "big", supportedReasoningEfforts: [{ reasoningEffort: "high" }] },
  { model: "bare" },
  { nothing: "of ours" },
]);

Deno.test("newcomer A15: the catalogue says what it does not list", () => {
  assertEquals(catalogueFlaw(CATALOGUE, "big", "high"), null);
  assertEquals(catalogueFlaw(CATALOGUE, "bare", "high"), null);
  assertEquals(catalogueFlaw([], "nope", null), null);
  assertMatch(
    catalogueFlaw(CATALOGUE, "nope", null)!,
    /"nope"; it lists big, bare$/,
  );
  assertMatch(
    catalogueFlaw(CATALOGUE, "big", "low")!,
    /effort low for big; it lists high$/,
  );
  // A model that nobody asked for may be another provider's.
  assertEquals(
    wordsFlaw(CATALOGUE, { model: null, effort: "low" }, "own"),
    null,
  );
  assertMatch(
    wordsFlaw(CATALOGUE, { model: null, effort: "low" }, "big")!,
    /effort low/,
  );
});

Deno.test("newcomer A15: an effort or a model that codex does not list is told in out.txt", async () => {
  await using lab = await openLab();
  const effort = await lab.run("hello", "--effort", "ultra");
  assertMatch(
    warnings(lab, effort),
    /^\[warning\] codex's catalogue does not list the effort ultra for gpt-5\.5; it lists low, /m,
  );
  const model = await lab.run("hello", "--model", "nope");
  assertMatch(
    warnings(lab, model),
    /does not list the model "nope"; it lists gpt-/,
  );
  const known = await lab.run("hello", "--model", "gpt-5.5", "--effort", "low");
  assertEquals(warnings(lab, known).includes("catalogue"), false);
});

Deno.test("newcomer A15: new tells what the catalogue that codex keeps does not list, where the provider is OpenAI's", async () => {
  await using lab = await openLab();
  const keep = () =>
    Deno.writeTextFileSync(
      join(lab.home.codexHome, "models_cache.json"),
      JSON.stringify({
        models: [{
          slug: "gpt-5.5",
          supported_reasoning_levels: [{ effort: "low" }, { effort: "giga" }],
        }],
      }),
    );
  const notes = async (...flags: string[]): Promise<string> => {
    keep();
    const { code, stdout, stderr } = await lab.chat(["new", ...flags, "hello"]);
    assertEquals(code, 0, stderr);
    // Its codex fetches the catalogue anew.
    const { turn_id } = JSON.parse(stdout);
    await lab.chat(["cancel", turn_id]);
    await until(() => !isLockHeld(lab.turn(turn_id).lock), "the worker to go");
    return stderr;
  };
  // The loopback model is a provider of its own: the catalogue does not speak of it.
  assertEquals(await notes("--model", "nope"), "");
  // A word that only the catalogue knows is taken.
  assertEquals(await notes("--effort", "giga"), "");
  const config = join(lab.home.codexHome, "config.toml");
  Deno.writeTextFileSync(
    config,
    Deno.readTextFileSync(config).replace(/^model_provider.*$/m, ""),
  );
  assertMatch(
    await notes("--model", "nope"),
    /^codex-server: note: codex's catalogue does not list the model "nope"/,
  );
  assertEquals(await notes("--model", "gpt-5.5", "--effort", "low"), "");
});
