/** An RpcConnection whose other side is the test. */
import {
  type Notification,
  RpcConnection,
  type ServerRequest,
} from "../../assets/lib/codex/rpc.ts";

/** What a connection said and heard. */
export interface WirePair {
  rpc: RpcConnection;
  /** Lines that it sent, parsed. */
  // deno-lint-ignore no-explicit-any
  sent: any[];
  /** The lines as they were sent. */
  raw: string[];
  notifications: Notification[];
  requests: ServerRequest[];
  strays: string[];
  traced: [direction: "in" | "out", line: string][];
  /** Lets text come in, cut as it is given. */
  feed(text: string): Promise<void>;
  /** The other side is gone. */
  end(): Promise<void>;
}

/** Opens a connection to nowhere. */
export function wirePair(
  { notified, asked }: {
    notified?: (message: Notification) => void;
    asked?: (message: ServerRequest) => void;
  } = {},
): WirePair {
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const raw: string[] = [];
  const pair: Omit<WirePair, "rpc" | "sent"> = {
    raw,
    notifications: [],
    requests: [],
    strays: [],
    traced: [],
    feed: async (text) => {
      await writer.write(text);
      await settled();
    },
    end: async () => {
      await writer.close();
      await settled();
    },
  };
  const rpc = new RpcConnection({
    incoming: readable,
    send: (line) => {
      raw.push(line);
      return Promise.resolve();
    },
  }, {
    notification: (message) => {
      pair.notifications.push(message);
      notified?.(message);
    },
    request: (message) => {
      pair.requests.push(message);
      asked?.(message);
    },
    stray: (line) => pair.strays.push(line),
    trace: (direction, line) => pair.traced.push([direction, line]),
  });
  return {
    ...pair,
    rpc,
    get sent() {
      return raw.map((line) => JSON.parse(line));
    },
  };
}

/** Everything that was ready to run has run. */
const settled = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 0));
