/** A server on the loopback interface that plays the Messages API for the real Claude Code. */

/** One content block of an answer. */
export type Block =
  | { type: "text"; text: string }
  | { type: "tool_use"; name: string; input: Record<string, unknown> };

/** What a tool of Claude Code gave back to the model. */
export interface ToolResult {
  toolUseId: string;
  /** The text of the result, without images. */
  text: string;
  isError: boolean;
}

/** One recorded request to `/v1/messages`. */
export interface MessagesRequest {
  // deno-lint-ignore no-explicit-any
  body: any;
  /** Every text of the conversation that is no tool result, the system prompt left out. */
  texts: string[];
  /** Every tool result of the conversation, oldest first. */
  toolResults: ToolResult[];
  /** How often the model has answered in this conversation. */
  answers: number;
  /** The tools that the model may use. */
  tools: string[];
}

/** Decides what the model answers. */
export type Script = (request: MessagesRequest) => Block[];

/** A running loopback Messages API. */
export interface MessagesServer extends AsyncDisposable {
  /** What ANTHROPIC_BASE_URL is to say. */
  readonly url: string;
  /** Every request to `/v1/messages` so far, oldest first. */
  readonly requests: readonly MessagesRequest[];
}

/** Starts a server on a free port; it runs until it is disposed of. */
export function startMessagesServer(script: Script): MessagesServer {
  const requests: MessagesRequest[] = [];
  let answered = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const isMessages = pathname === "/v1/messages";
      if (pathname === "/v1/messages/count_tokens") {
        return Response.json({ input_tokens: 1 });
      }
      if (request.method !== "POST" || !isMessages) {
        return Response.json({ type: "error", error: NOT_FOUND }, {
          status: 404,
        });
      }
      const read = readRequest(await request.json());
      requests.push(read);
      answered += 1;
      const message = answer(`msg_${answered}`, read, script(read));
      return read.body.stream
        ? new Response(streamed(message), {
          headers: { "content-type": "text/event-stream" },
        })
        : Response.json(message);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const NOT_FOUND = { type: "not_found_error", message: "Only messages here" };

// deno-lint-ignore no-explicit-any
function readRequest(body: any): MessagesRequest {
  const texts: string[] = [];
  const toolResults: ToolResult[] = [];
  for (const { content } of body.messages) {
    for (const block of blocks(content)) {
      if (block.type === "text") texts.push(block.text);
      if (block.type !== "tool_result") continue;
      toolResults.push({
        toolUseId: block.tool_use_id,
        text: blocks(block.content).map(({ text }) => text ?? "").join(""),
        isError: block.is_error === true,
      });
    }
  }
  return {
    body,
    texts,
    toolResults,
    answers:
      body.messages.filter(({ role }: { role: string }) => role === "assistant")
        .length,
    tools: (body.tools ?? []).map(({ name }: { name: string }) => name),
  };
}

/** Content is a list of blocks, or a string that stands for one block of text. */
// deno-lint-ignore no-explicit-any
const blocks = (content: unknown): any[] =>
  typeof content === "string"
    ? [{ type: "text", text: content }]
    : Array.isArray(content)
    ? content
    : [];

function answer(id: string, { body }: MessagesRequest, content: Block[]) {
  const usesTool = content.some(({ type }) => type === "tool_use");
  return {
    id,
    type: "message",
    role: "assistant",
    model: body.model,
    content: content.map((block, index) =>
      block.type === "tool_use"
        ? { ...block, id: `toolu_${id}_${index}` }
        : block
    ),
    stop_reason: usesTool ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
}

type Answer = ReturnType<typeof answer>;

/** The same message as the API streams it. */
function streamed(message: Answer): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    Array.from(
      streamEvents(message),
      (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    ),
  ).pipeThrough(new TextEncoderStream());
}

function* streamEvents(message: Answer) {
  const { content, stop_reason, ...head } = message;
  yield {
    type: "message_start",
    message: { ...head, content: [], stop_reason: null },
  };
  for (const [index, block] of content.entries()) {
    const [empty, delta] = block.type === "text"
      ? [{ ...block, text: "" }, { type: "text_delta", text: block.text }]
      : [{ ...block, input: {} }, {
        type: "input_json_delta",
        partial_json: JSON.stringify(block.input),
      }];
    yield { type: "content_block_start", index, content_block: empty };
    yield { type: "content_block_delta", index, delta };
    yield { type: "content_block_stop", index };
  }
  yield {
    type: "message_delta",
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 1 },
  };
  yield { type: "message_stop" };
}
