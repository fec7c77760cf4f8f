import { assertEquals, assertThrows } from "@std/assert";
import {
  createFile,
  ensurePrivateDir,
  readRange,
  readTextWithin,
  replaceFile,
} from "../../assets/lib/system/files.ts";

const inDirectory = (test: (dir: string) => void): () => void => () => {
  const dir = Deno.makeTempDirSync();
  try {
    test(dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
};
const modeOf = (path: string) => Deno.lstatSync(path).mode! & 0o777;

Deno.test(
  "a private directory is made with those above it; what is there stays as it is",
  inDirectory((dir) => {
    ensurePrivateDir(`${dir}/a/b`);
    assertEquals([modeOf(`${dir}/a`), modeOf(`${dir}/a/b`)], [0o700, 0o700]);
    Deno.chmodSync(`${dir}/a`, 0o755);
    ensurePrivateDir(`${dir}/a`);
    assertEquals(modeOf(`${dir}/a`), 0o755);
    Deno.symlinkSync(`${dir}/nowhere`, `${dir}/dangling`);
    assertThrows(() => ensurePrivateDir(`${dir}/dangling/c`));
    assertThrows(() => Deno.lstatSync(`${dir}/nowhere`), Deno.errors.NotFound);
  }),
);

Deno.test(
  "a file is made where there is none, and never through a link",
  inDirectory((dir) => {
    createFile(`${dir}/a`, "a");
    assertEquals(modeOf(`${dir}/a`), 0o600);
    Deno.symlinkSync(`${dir}/target`, `${dir}/link`);
    for (const path of [`${dir}/a`, `${dir}/link`]) {
      assertThrows(() => createFile(path, "b"), Deno.errors.AlreadyExists);
    }
    assertEquals(Deno.readTextFileSync(`${dir}/a`), "a");
    assertThrows(() => Deno.lstatSync(`${dir}/target`), Deno.errors.NotFound);
  }),
);

Deno.test(
  "a file is replaced whole, a link and not what it leads to, or nothing is left of the attempt",
  inDirectory((dir) => {
    Deno.writeTextFileSync(`${dir}/target`, "kept");
    Deno.symlinkSync(`${dir}/target`, `${dir}/a`);
    replaceFile(`${dir}/a`, ["new", "\n"], 0o640);
    assertEquals(Deno.readTextFileSync(`${dir}/a`), "new\n");
    assertEquals(modeOf(`${dir}/a`), 0o640);
    assertEquals(Deno.readTextFileSync(`${dir}/target`), "kept");
    Deno.mkdirSync(`${dir}/b/full`, { recursive: true });
    assertThrows(() => replaceFile(`${dir}/b`, "new"));
    assertEquals(
      Array.from(Deno.readDirSync(dir), ({ name }) => name).sort(),
      ["a", "b", "target"],
    );
  }),
);

Deno.test(
  "long text is written piece by piece and read back, character by character",
  inDirectory((dir) => {
    for (const shift of ["", "x", "xx", "xxx"]) {
      const parts = [shift + "😀✓é".repeat(100_000), "end\n"];
      const path = `${dir}/${shift || "o"}`;
      createFile(path, parts);
      const { size } = Deno.statSync(path);
      assertEquals(readTextWithin(path, size) === parts.join(""), true);
      assertEquals(readTextWithin(path, size - 1), null);
    }
  }),
);

Deno.test(
  "a range ends with the file",
  inDirectory((dir) => {
    Deno.writeTextFileSync(`${dir}/a`, "0123456789");
    const range = (from: number, to: number) =>
      new TextDecoder().decode(readRange(`${dir}/a`, from, to));
    assertEquals(
      [range(0, 3), range(8, 99), range(20, 30), range(4, 4)],
      ["012", "89", "", ""],
    );
  }),
);
