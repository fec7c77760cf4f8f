import { assert, assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs/exists";
import { join } from "@std/path";
import { type Lab, openLab, until } from "../lab.ts";
import { createRepo } from "../loopback/home.ts";
import { metaOf } from "../live_turns/turn_text.ts";
import { codexExec } from "../live_turns/whole_turn.ts";
import { assertRefused } from "./refusal.ts";

/** A profile that writes in the workspace and denies one file. */
const guard = (denied: string) =>
  `default_permissions = "guard"
[permissions.guard.filesystem]
":root" = "read"
":workspace_roots" = "write"
${JSON.stringify(denied)} = "deny"
`;

/** A prompt that has the model run this. */
const command = (cmd: string) => `play command cmd=${encodeURIComponent(cmd)}`;

/** Runs a verb to the end of its turn. */
async function answer(lab: Lab, args: string[], cwd = lab.repo) {
  const ran = await lab.chat(args, { cwd });
  assertEquals(ran.code, 0, ran.stderr);
  const { turn_id } = JSON.parse(ran.stdout);
  await lab.chat(["wait", turn_id]);
  const { text, thread_id } = lab.result(turn_id);
  return { turnId: turn_id as string, text, thread: thread_id, ...ran };
}

Deno.test("E25 bug 1: a file that the user's permission profile denies stays denied, whoever began the thread, whichever engine and verb goes on, in a review too", async () => {
  await using lab = await openLab();
  const secret = join(lab.repo, "secret.txt");
  Deno.writeTextFileSync(secret, "the-secret\n");
  const toml = join(lab.home.codexHome, "config.toml");
  const plain = Deno.readTextFileSync(toml);
  Deno.writeTextFileSync(
    toml,
    plain.replace(
      "\n\n[model_providers",
      `\n${guard(secret)}\n[model_providers`,
    ),
  );
  const cat = command("cat secret.txt || echo refused");
  const denied = async (...args: string[]) => {
    const { text, stderr } = await answer(lab, [...args, cat]);
    assertMatch(text, /refused/, args.join(" "));
    assert(!stderr.includes("sets aside"), stderr);
  };
  for (
    const args of [
      ["new"],
      ["continue"],
      ["continue"],
      ["fork"],
      ["continue", "--last"],
      ["continue", "--engine", "sdk"],
      ["continue"],
    ]
  ) await denied(...args);
  const theirs = await codexExec(lab, "hi");
  for (const verb of ["continue", "fork"]) {
    await denied(verb, "--thread", theirs);
  }
  const before = lab.server.turns().length;
  await answer(lab, ["review", "--instructions", cat]);
  const reviewed = lab.server.turns().slice(before)
    .flatMap(({ toolOutputs }) => toolOutputs);
  assertMatch(JSON.stringify(reviewed), /refused/);
  const heard = lab.server.turns().flatMap(({ toolOutputs }) => toolOutputs);
  assert(!JSON.stringify(heard).includes("the-secret"));
  assert(
    !Deno.readTextFileSync(toml).includes("trust_level"),
    "no directory was trusted on the way",
  );
  const set = await answer(lab, ["continue", "--write", "hi"]);
  assertMatch(set.stderr, /sets aside the permission profile guard/);
  // A profile that is gone is no leave to do without it.
  const other = await answer(lab, ["new", "hi"]);
  Deno.writeTextFileSync(toml, plain);
  const { turn_id } = await lab.json("continue", "--thread", other.thread, cat);
  assertEquals((await lab.chat(["wait", turn_id])).code, 1);
  assertMatch(lab.result(turn_id).error.message, /guard/);
});

Deno.test("review A2, S1: full access that asks goes on asking, after continue, fork and a fork of a fork", async () => {
  await using lab = await openLab();
  const made = (n: number) => join(lab.repo, `made-${n}`);
  await lab.run(
    "hello",
    ...["--approvals", "untrusted", "--sandbox", "danger-full-access"],
  );
  for (const [n, verb] of ["continue", "fork", "fork", "continue"].entries()) {
    const { turn_id } = await lab.json(verb, command(`touch ${made(n)}`));
    await until(
      async () => (await lab.json("status", turn_id)).pending?.length === 1,
      `${verb} to ask`,
    );
    assert(!existsSync(made(n)), "nothing has run unasked");
    assertEquals(metaOf(lab, turn_id).approvals, "untrusted");
    assertEquals((await lab.chat(["decline", turn_id])).code, 0);
    await lab.chat(["wait", turn_id]);
    assert(!existsSync(made(n)));
  }
  const never = ["continue", "--approvals", "never"];
  const usage = { exit: 2, code: "usage" };
  await assertRefused(lab, [...never, "x"], { ...usage, says: /nobody asked/ });
  const sdk = ["continue", "--engine", "sdk", "x"];
  await assertRefused(lab, sdk, { ...usage, says: /cannot ask/ });
  const tight = [...never, "--sandbox", "read-only", "hello"];
  const { stderr } = await answer(lab, tight);
  assertMatch(stderr, /--approvals never sets aside untrusted/);
});

Deno.test("bug 27: a thread keeps the sandbox that its last turn had, tightened or widened, on either engine", async () => {
  await using lab = await openLab({
    config: 'sandbox_mode = "danger-full-access"',
  });
  const sandboxes: string[] = [];
  const touch = command("touch ../outside inside; ls");
  for (
    const args of [
      ["new", "--sandbox", "read-only"],
      ["continue"],
      ["continue", "--engine", "sdk"],
      ["continue", "--write", "--network"],
      ["continue"],
      ["fork"],
      ["continue", "--engine", "sdk"],
      ["continue", "--sandbox", "read-only"],
      ["continue"],
    ]
  ) {
    const { turnId } = await answer(lab, [...args, touch]);
    const { sandbox, network } = metaOf(lab, turnId);
    sandboxes.push(`${sandbox}${network ? " network" : ""}`);
    const inside = join(lab.repo, "inside");
    assertEquals(existsSync(inside), sandbox !== "read-only", args.join(" "));
    if (sandbox !== "read-only") Deno.removeSync(inside);
    assert(!existsSync(join(lab.repo, "../outside")), args.join(" "));
  }
  assertEquals(sandboxes, [
    ...Array(3).fill("read-only"),
    ...Array(4).fill("workspace-write network"),
    ...Array(2).fill("read-only"),
  ]);
});

Deno.test("E25 bug 2: a thread goes on in its own directory, and its permission to write stays there", async () => {
  await using lab = await openLab();
  const tree = await createRepo(lab.home, "tree");
  const write = (name: string) => `play patch name=${name}`;
  const { thread } = await answer(lab, ["new", "--write", write("a")], tree);
  const named = ["--thread", thread];
  const own = await answer(lab, ["continue", ...named, write("b")]);
  assert(existsSync(join(tree, "b")) && !existsSync(join(lab.repo, "b")));
  assertEquals(metaOf(lab, own.turnId).cwd, tree);
  assert(!own.stderr.includes("so far it worked"), own.stderr);
  // From a directory outside of git the thread's own one is what counts.
  const outside = join(lab.home.home, "outside");
  Deno.mkdirSync(outside);
  const far = await answer(lab, ["continue", ...named, write("c")], outside);
  assertEquals(metaOf(lab, far.turnId).sandbox, "workspace-write");
  assert(existsSync(join(tree, "c")));

  const fork = ["fork", ...named, "--cwd", lab.repo];
  const moved = await answer(lab, [...fork, write("d")]);
  assertMatch(moved.stderr, /goes on in .*; so far it worked in .*tree/);
  assertMatch(moved.stderr, /permission to write \(workspace-write\) stays in/);
  assert(!existsSync(join(lab.repo, "d")));
  assertEquals(metaOf(lab, moved.turnId).sandbox, "read-only");
  const given = await answer(lab, [...fork, "--write", write("e")]);
  assert(existsSync(join(lab.repo, "e")) && !given.stderr.includes("stays in"));

  for (const engine of ["app-server", "sdk"]) {
    Deno.renameSync(tree, `${tree}-${engine}`);
    const go = ["continue", ...named, "--engine", engine, write("f")];
    const gone = await answer(lab, go);
    assertMatch(gone.stderr, /directory .*tree is gone; it goes on in/);
    assertEquals(metaOf(lab, gone.turnId).cwd, lab.repo);
    assertEquals(metaOf(lab, gone.turnId).sandbox, "read-only");
    assert(!existsSync(join(lab.repo, "f")));
    Deno.renameSync(`${tree}-${engine}`, tree);
    const back = ["continue", ...named, "--cwd", tree, "--write", "back"];
    await answer(lab, back);
  }
});
