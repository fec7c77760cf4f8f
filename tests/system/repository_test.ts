import { assertEquals } from "@std/assert";
import {
  gitTopLevel,
  repositoryOf,
} from "../../assets/lib/system/repository.ts";

Deno.test("newcomer A7, bug 26: a directory belongs to the nearest git repository above it, by its real path", () => {
  const root = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    Deno.mkdirSync(`${root}/repo/.git`, { recursive: true });
    Deno.mkdirSync(`${root}/repo/src/deep`, { recursive: true });
    Deno.mkdirSync(`${root}/repo/module/src`, { recursive: true });
    Deno.writeTextFileSync(`${root}/repo/.git/HEAD`, "ref: refs/heads/main\n");
    // What a sandbox of codex leaves behind is no repository.
    Deno.mkdirSync(`${root}/plain/sub/.git`, { recursive: true });
    // A submodule and a worktree have a file.
    Deno.writeTextFileSync(`${root}/repo/module/.git`, "gitdir: elsewhere\n");
    Deno.symlinkSync(`${root}/repo/src`, `${root}/link`);
    for (
      const [dir, repository] of [
        ["repo", "repo"],
        ["repo/src/deep", "repo"],
        ["repo/module/src", "repo/module"],
        ["link/deep", "repo"],
        ["plain/sub", "plain/sub"],
        ["repo/gone/for/ever", "repo"],
      ]
    ) {
      assertEquals(
        repositoryOf(`${root}/${dir}`),
        `${root}/${repository}`,
        dir,
      );
    }
    assertEquals(gitTopLevel(`${root}/plain/sub`), null);
    assertEquals(repositoryOf("/"), "/");
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});
