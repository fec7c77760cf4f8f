/** What the loopback model server records of a request, and how the parts that tests ask about are found in it. */

import type { IncomingMessage } from "node:http";
import { zstdDecompressSync } from "node:zlib";

/** A JSON object whose shape is the business of whoever reads it. */
export type Json = Record<string, unknown>;

/** The result of a tool call that codex sent back to the model. */
export interface ToolOutput {
  callId: string;
  /** The text of the output, without images. */
  output: string;
}

/** One recorded request. */
export interface ModelRequest {
  /** Milliseconds since the epoch. */
  at: number;
  /** `responses` for model turns, `backend` for everything else that codex asks at its start and along the way. */
  kind: "responses" | "backend";
  method: string;
  /** The path with its query. */
  path: string;
  headers: Record<string, string>;
  /** The decompressed JSON body; null when there was none or it was no JSON object. */
  body: Json | null;
  /** The last user text that codex did not inject itself; empty for `backend`. */
  prompt: string;
  /** Every such text of the thread, oldest first. */
  prompts: string[];
  /** The tool outputs since that prompt, oldest first. */
  toolOutputs: ToolOutput[];
  /** The number of images that came with the prompt. */
  images: number;
  threadId: string | undefined;
  turnId: string | undefined;
  /** The status of the answer; undefined while it is under way and when there was none. */
  status: number | undefined;
  /** `dropped` when the client left before the script's end; undefined while the answer is under way. */
  ended: "complete" | "dropped" | undefined;
  /** The text deltas of the answer so far, each with the milliseconds since the epoch at which it was sent. */
  spoken: { at: number; text: string }[];
}

/** Reads `incoming` to its end and records it; rejects when the client leaves before. */
export async function recordRequest(
  incoming: IncomingMessage,
): Promise<ModelRequest> {
  const at = Date.now();
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const path = incoming.url ?? "/";
  const method = incoming.method ?? "GET";
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      String(value),
    ]),
  );
  const body = decodeBody(
    new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()),
    headers["content-encoding"],
  );
  const kind = method === "POST" && /\/responses(?:\?|$)/.test(path)
    ? "responses"
    : "backend";
  const turn = readTurn(kind === "responses" ? items(body?.input) : []);
  const metadata = object(body?.client_metadata);
  return {
    at,
    kind,
    method,
    path,
    headers,
    body,
    ...turn,
    threadId: string(metadata?.thread_id),
    turnId: string(metadata?.turn_id),
    status: undefined,
    ended: undefined,
    spoken: [],
  };
}

/** The tools a request offers, wherever the model's style puts them: the `tools` field or an `additional_tools` item. */
export function offeredTools(request: ModelRequest): Json[] {
  const lists = [items(request.body?.tools)];
  for (const item of items(request.body?.input)) {
    if (item.type === "additional_tools") lists.push(items(item.tools));
  }
  return lists.flat().flatMap((tool) =>
    tool.type === "namespace"
      ? items(tool.tools).map((inner) => ({ ...inner, namespace: tool.name }))
      : [tool]
  );
}

/** The JSON schema that the answer has to fit; undefined for free text. */
export function outputSchema(request: ModelRequest): Json | undefined {
  const format = object(object(request.body?.text)?.format);
  return format?.type === "json_schema" ? object(format.schema) : undefined;
}

/** `value` as a JSON object, else undefined. */
export function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Json
    : undefined;
}

/** The JSON objects in the array `value`; none when it is no array. */
export function items(value: unknown): Json[] {
  if (!Array.isArray(value)) return [];
  return value.map(object).filter((item) => item !== undefined);
}

/** `value` as a string, else undefined. */
export function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function decodeBody(
  raw: Uint8Array,
  encoding: string | undefined,
): Json | null {
  if (raw.length === 0) return null;
  const bytes = encoding === "zstd" ? zstdDecompressSync(raw) : raw;
  try {
    return object(JSON.parse(new TextDecoder().decode(bytes))) ?? null;
  } catch {
    return null;
  }
}

type Turn = Pick<
  ModelRequest,
  "prompt" | "prompts" | "toolOutputs" | "images"
>;

function readTurn(input: Json[]): Turn {
  const turn: Turn = { prompt: "", prompts: [], toolOutputs: [], images: 0 };
  for (const item of input) {
    if (item.type === "message" && item.role === "user") {
      const content = items(item.content);
      const text = userText(content);
      if (text === undefined) continue;
      turn.prompts.push(text);
      turn.prompt = text;
      turn.toolOutputs = [];
      turn.images = content.filter((part) => part.type === "input_image")
        .length;
    } else if (
      item.type === "function_call_output" ||
      item.type === "custom_tool_call_output"
    ) {
      turn.toolOutputs.push({
        callId: string(item.call_id) ?? "",
        output: outputText(item.output),
      });
    }
  }
  return turn;
}

/** What codex puts into user messages itself: a block between tags of its own, or the repository's instructions. */
const INJECTED =
  /^(?:<(environment_context|user_instructions|turn_aborted|skill|user_shell_command|subagent_notification|recommended_plugins|goal_context)\b[^]*<\/\1>\s*$|# AGENTS\.md instructions)/;

/** The tags that codex puts around an attached image. */
const IMAGE_TAG = /^(?:<image(?: [^>]*)?>|<\/image>)$/;

function userText(content: Json[]): string | undefined {
  const texts = content.map((part) =>
    part.type === "input_text" ? string(part.text) : undefined
  ).filter((text) => text !== undefined)
    .filter((text) => !INJECTED.test(text) && !IMAGE_TAG.test(text));
  return texts.length === 0 ? undefined : texts.join("\n");
}

function outputText(output: unknown): string {
  if (typeof output === "string") return output;
  return items(output).map((part) => string(part.text) ?? "").join("");
}
