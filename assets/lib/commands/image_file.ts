/**
 * `--image`: codex leaves out an image that it cannot read and tells only the model, so
 * each one is checked here, by its signature and its end.
 */
import { usageError } from "../cli/errors.ts";
import { absolute, readGivenFile, refusing } from "./given_path.ts";

const CONVERT = "convert it to PNG or JPEG";
const SAVE_AGAIN = "save it again, or give another file";

/**
 * The image that `given` names: the real path of a file, or a `data:` URL as it is.
 * @throws {CliError} `usage` naming the file and what is wrong with it
 */
export function requireImage(given: string, base: string): string {
  if (/^data:/i.test(given)) return requireDataUrl(given);
  const scheme = given.match(/^([a-z][a-z0-9+.-]+):\/\//i)?.[1]?.toLowerCase();
  if (scheme === "file") {
    throw usageError(`The image ${given} is a URL`, "give its path");
  }
  if (scheme !== undefined) {
    throw usageError(
      `The image ${given} is a URL, and codex fetches none`,
      "save it to a file first",
    );
  }
  const path = absolute(given, base);
  const refuse = refusing("The image", path);
  const flaw = imageFlaw(readGivenFile(path, refuse));
  if (flaw !== null) throw refuse(...flaw);
  return Deno.realPathSync(path);
}

/** Codex takes an image in the URL itself as it takes a file. */
function requireDataUrl(url: string): string {
  const refuse = refusing("The image", `${url.slice(0, 40)}…`);
  const encoded = url.match(/^data:[^,]*;base64,(.*)$/is)?.[1];
  let bytes: Uint8Array;
  try {
    if (encoded === undefined) throw new Error();
    bytes = Uint8Array.from(atob(encoded), (byte) => byte.charCodeAt(0));
  } catch {
    throw refuse("is not in base64", "give it as data:image/png;base64,…");
  }
  const flaw = imageFlaw(bytes);
  if (flaw !== null) throw refuse(...flaw);
  return url;
}

/** What is wrong, as the end of a sentence, and what to do about it. */
export type Flaw = [reason: string, hint: string];

/** Why the model would not see this image; null when codex can read it. */
export function imageFlaw(bytes: Uint8Array): Flaw | null {
  if (bytes.length === 0) return ["is empty", SAVE_AGAIN];
  const format = FORMATS.find(({ is }) => is(bytes));
  if (format) {
    return format.whole(bytes)
      ? null
      : [`is a ${format.name} that is cut off or damaged`, SAVE_AGAIN];
  }
  const other = OTHERS.find(({ is }) => is(bytes));
  return other ? [`is ${other.name}, which the model cannot read`, CONVERT] : [
    "is not an image that the model can read",
    "give a PNG, JPEG, GIF or WebP",
  ];
}

/** Whether `bytes` has the Latin-1 characters of `text` at `at`. */
const has = (bytes: Uint8Array, text: string, at = 0): boolean =>
  bytes.length >= at + text.length &&
  Array.from(text).every((character, index) =>
    bytes[at + index] === character.charCodeAt(0)
  );

const u32 = (bytes: Uint8Array, at: number, little = false): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, little);

/** The formats that the model reads: signature and completeness check. */
const FORMATS: {
  name: string;
  is(bytes: Uint8Array): boolean;
  whole(bytes: Uint8Array): boolean;
}[] = [
  {
    name: "PNG",
    is: (bytes) => has(bytes, "\x89PNG\r\n\x1a\n"),
    whole: pngIsWhole,
  },
  {
    name: "JPEG",
    is: (bytes) => has(bytes, "\xff\xd8\xff"),
    whole: jpegIsWhole,
  },
  {
    name: "GIF",
    is: (bytes) => has(bytes, "GIF87a") || has(bytes, "GIF89a"),
    whole: gifIsWhole,
  },
  {
    name: "WebP",
    is: (bytes) => has(bytes, "RIFF") && has(bytes, "WEBP", 8),
    whole: (bytes) =>
      bytes.length > 20 && bytes.length >= u32(bytes, 4, true) + 8,
  },
];

/** Every chunk up to IEND, each with the checksum that it names. */
function pngIsWhole(bytes: Uint8Array): boolean {
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + u32(bytes, at);
    if (end + 4 > bytes.length) return false;
    if (u32(bytes, end) !== crc32(bytes, at + 4, end)) return false;
    if (has(bytes, "IEND", at + 4)) return true;
    at = end + 4;
  }
  return false;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return crc;
});

function crc32(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff;
  for (let at = from; at < to; at++) {
    crc = CRC_TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Every segment up to the picture, then its end; a thumbnail has one of its own before. */
function jpegIsWhole(bytes: Uint8Array): boolean {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    if (bytes[at + 1] === 0xff) {
      at++; // a fill byte
      continue;
    }
    const isPicture = bytes[at + 1] === 0xda;
    at += 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (!isPicture) continue;
    for (; at + 2 <= bytes.length; at++) {
      if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
    }
  }
  return false;
}

/** Every block, up to the trailer. */
function gifIsWhole(bytes: Uint8Array): boolean {
  const colours = (flags: number) => flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
  let at = 13 + colours(bytes[10] ?? 0);
  while (at < bytes.length) {
    const kind = bytes[at++];
    if (kind === 0x3b) return true;
    if (kind === 0x2c) at += 10 + colours(bytes[at + 8] ?? 0);
    else if (kind === 0x21) at++;
    else return false;
    while (bytes[at]) at += bytes[at]! + 1;
    at++;
  }
  return false;
}

/** The beginning as text, for formats that are text. */
const head = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes.subarray(0, 1024));

/** What people try, and what it is called. */
const OTHERS: { name: string; is(bytes: Uint8Array): boolean }[] = [
  { name: "a PDF", is: (bytes) => has(bytes, "%PDF-") },
  { name: "a BMP", is: (bytes) => has(bytes, "BM") && bytes.length > 26 },
  {
    name: "a TIFF",
    is: (bytes) => has(bytes, "II*\0") || has(bytes, "MM\0*"),
  },
  {
    name: "a HEIC or AVIF",
    is: (bytes) =>
      has(bytes, "ftyp", 4) &&
      ["heic", "heix", "heif", "hevc", "mif1", "msf1", "avif", "avis"].some(
        (brand) => has(bytes, brand, 8),
      ),
  },
  {
    name: "a JPEG XL",
    is: (bytes) => has(bytes, "\xff\x0a") || has(bytes, "JXL ", 4),
  },
  { name: "an icon", is: (bytes) => has(bytes, "\0\0\x01\0") },
  { name: "an SVG", is: (bytes) => /<svg[\s>]/i.test(head(bytes)) },
  { name: "a web page", is: (bytes) => /<(!doctype )?html/i.test(head(bytes)) },
];
