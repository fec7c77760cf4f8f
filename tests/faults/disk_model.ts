/**
 * A disk that loses its power. The file operations of a traced program are replayed one by
 * one; after each, what a reboot would find is written out: directories and names as they
 * were (a journal keeps their order), but of each file only what was synced for certain.
 */
import { dirname } from "@std/path";
import type { Traced } from "./strace.ts";

/** One change, as strace's log tells it. */
export type FileOperation =
  | { kind: "mkdir" | "create" | "sync" | "unlink"; path: string }
  | { kind: "write"; path: string; bytes: Uint8Array }
  | { kind: "rename"; path: string; to: string };

/** What became of the bytes of a file that were written but not synced. */
export type Loss = "kept" | "lost" | "half" | "zeros";
/** Every kind of loss. */
export const LOSSES: readonly Loss[] = ["kept", "lost", "half", "zeros"];

const ESCAPES: Record<string, number> = {
  n: 10,
  t: 9,
  r: 13,
  v: 11,
  f: 12,
};

/** The bytes of a string as strace prints it, without its quotes. */
function bytesOf(printed: string): Uint8Array {
  const bytes: number[] = [];
  const pattern = /\\([0-7]{1,3}|.)|[^\\]/gsu;
  for (const [whole, escaped] of printed.matchAll(pattern)) {
    if (escaped === undefined) bytes.push(...new TextEncoder().encode(whole));
    else if (/^[0-7]/.test(escaped)) bytes.push(parseInt(escaped, 8));
    else bytes.push(ESCAPES[escaped] ?? escaped.charCodeAt(0));
  }
  return new Uint8Array(bytes);
}

/** The operations below `dir`, in their order. The log must hold all strings whole. */
export function fileOperations(
  { log }: Pick<Traced, "log">,
  dir: string,
): FileOperation[] {
  const quoted = `"(${dir}/(?:[^"\\\\]|\\\\.)*)"`;
  const opened = `\\d+<(${dir}/[^>]*)>`;
  const patterns: [RegExp, (found: string[]) => FileOperation][] = [
    [
      new RegExp(`mkdir\\(${quoted}`),
      ([, path]) => ({ kind: "mkdir", path: path! }),
    ],
    [
      new RegExp(`openat\\([^,]*, ${quoted}, [^)]*O_CREAT`),
      ([, path]) => ({ kind: "create", path: path! }),
    ],
    [
      new RegExp(`write\\(${opened}, "((?:[^"\\\\]|\\\\.)*)"`, "s"),
      ([, path, text]) => ({
        kind: "write",
        path: path!,
        bytes: bytesOf(text!),
      }),
    ],
    [
      new RegExp(`f(?:data)?sync\\(${opened}`),
      ([, path]) => ({ kind: "sync", path: path! }),
    ],
    [
      new RegExp(`rename\\(${quoted}, ${quoted}`),
      ([, path, to]) => ({ kind: "rename", path: path!, to: to! }),
    ],
    [
      new RegExp(`unlink\\(${quoted}`),
      ([, path]) => ({ kind: "unlink", path: path! }),
    ],
  ];
  return log.split("\n").flatMap((line) => {
    const call = line.match(/^\d+ +(\w+\(.*)/)?.[1];
    if (!call || /= -1 E[A-Z]+ \([^)]*\)$/.test(call)) return [];
    for (const [pattern, make] of patterns) {
      const found = call.match(pattern);
      if (found?.index === 0) return [make(found)];
    }
    return [];
  });
}

interface File {
  bytes: Uint8Array;
  /** How many of them are on the disk for certain. */
  synced: number;
}

/** The disk while operations are replayed. */
export class Disk {
  #directories = new Set<string>();
  #files = new Map<string, File>();

  /** Makes one more change. */
  apply(operation: FileOperation): void {
    const { path } = operation;
    const file = this.#files.get(path);
    switch (operation.kind) {
      case "mkdir":
        this.#directories.add(path);
        break;
      case "create":
        if (!file) {
          this.#files.set(path, { bytes: new Uint8Array(), synced: 0 });
        }
        break;
      case "write":
        if (!file) throw new Error(`A write to ${path}, which nobody made`);
        file.bytes = new Uint8Array([...file.bytes, ...operation.bytes]);
        break;
      case "sync":
        if (file) file.synced = file.bytes.length;
        break;
      case "unlink":
        this.#files.delete(path);
        break;
      case "rename":
        this.#rename(path, operation.to);
    }
  }

  #rename(from: string, to: string): void {
    const moved = (path: string) =>
      path === from || path.startsWith(`${from}/`)
        ? to + path.slice(from.length)
        : path;
    this.#directories = new Set([...this.#directories].map(moved));
    const files = [...this.#files];
    this.#files = new Map(files.filter(([path]) => moved(path) === path));
    for (const [path, file] of files) {
      if (moved(path) !== path) this.#files.set(moved(path), file);
    }
  }

  /**
   * Writes out what is left after the power went: every file that `suffers` has lost what
   * was not synced, in this way. `rewrite` is applied to every path and content.
   */
  writeOut(
    loss: Loss,
    suffers: (path: string) => boolean,
    rewrite: (text: string) => string,
  ): void {
    for (const path of [...this.#directories].sort()) {
      Deno.mkdirSync(rewrite(path), { recursive: true });
    }
    for (const [path, file] of this.#files) {
      const left = suffers(path) ? afterLoss(file, loss) : file.bytes;
      const text = rewrite(new TextDecoder().decode(left));
      Deno.mkdirSync(dirname(rewrite(path)), { recursive: true });
      Deno.writeTextFileSync(rewrite(path), text);
    }
  }
}

function afterLoss({ bytes, synced }: File, loss: Loss): Uint8Array {
  const half = synced + Math.floor((bytes.length - synced) / 2);
  switch (loss) {
    case "kept":
      return bytes;
    case "lost":
      return bytes.slice(0, synced);
    case "half":
      return bytes.slice(0, half);
    case "zeros":
      return bytes.map((byte, at) => at < synced ? byte : 0);
  }
}
