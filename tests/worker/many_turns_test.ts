import { assertEquals, assertStringIncludes } from "@std/assert";
import { openLab, processesOf, until } from "../lab.ts";

Deno.test("fifty turns at once end in fifty answers, each with its own nonce, and leave no process", async () => {
  await using lab = await openLab();
  const nonces = Array.from({ length: 50 }, () => crypto.randomUUID());
  const turnIds = await Promise.all(
    nonces.map((nonce) => lab.start(`nonce ${nonce}`)),
  );
  assertEquals(new Set(turnIds).size, 50);
  await until(
    () =>
      turnIds.every((id) => {
        const { done, error } = lab.turn(id);
        return [done, error].some((path) => exists(path));
      }),
    "fifty markers",
    120_000,
  );
  turnIds.forEach((turnId, index) => {
    const result = lab.result(turnId);
    assertEquals(result.status, "complete", JSON.stringify(result.error));
    assertEquals(result.text, `You said: nonce ${nonces[index]}`);
    assertStringIncludes(
      Deno.readTextFileSync(lab.turn(turnId).out),
      nonces[index]!,
    );
  });
  const { turns } = await lab.json("list-turns", "--limit", "100");
  assertEquals(turns.length, 50);
  for (const { state } of turns) assertEquals(state, "complete");
  await until(() => processesOf(lab.home.home).length === 0, "processes", 5000);
});

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}
