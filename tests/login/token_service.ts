/**
 * A stand-in for auth.openai.com that is reached as the real one is, over TLS through the
 * user's proxy: the product takes the test hooks for token URLs out of codex's environment.
 */
import { join } from "@std/path";
import { accessToken } from "../loopback/access_token.ts";

export interface TokenService extends AsyncDisposable {
  /** What a user behind a proxy with its own certificate authority exports. */
  env: Record<string, string>;
  /** How many refreshes were granted. */
  granted: number;
  /** How many came with a refresh token that had been used before; the real service logs such a user out. */
  reused: number;
}

/**
 * Starts the service and a proxy that leads to it; certificates are made in `dir`.
 * @param refusal the code with which it refuses every refresh, e.g. `refresh_token_expired`
 */
export async function startTokenService(
  dir: string,
  refusal: string | null = null,
): Promise<TokenService> {
  const { ca, cert, key } = await makeCertificates(dir);
  const used = new Set<string>();
  const controller = new AbortController();
  const service: TokenService = {
    env: {},
    granted: 0,
    reused: 0,
    async [Symbol.asyncDispose]() {
      controller.abort();
      proxy.close();
      await tokens.finished;
    },
  };
  const tokens = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert,
    key,
    signal: controller.signal,
    onListen() {},
  }, async (request) => {
    const { refresh_token } = await request.json();
    if (refusal !== null) {
      const error = { code: refusal, message: refusal };
      return Response.json({ error }, { status: 401 });
    }
    if (used.has(refresh_token)) {
      service.reused++;
      const code = "refresh_token_reused";
      return Response.json({ error: { code, message: code } }, { status: 401 });
    }
    used.add(refresh_token);
    service.granted++;
    const token = accessToken({ expiresInSeconds: 3600 });
    return Response.json({
      id_token: token,
      access_token: token,
      refresh_token: `refresh-${service.granted}`,
    });
  });
  const proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  connectAll(proxy, tokens.addr.port);
  const { port } = proxy.addr as Deno.NetAddr;
  service.env = {
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    NO_PROXY: "127.0.0.1,localhost",
    CODEX_CA_CERTIFICATE: ca,
    SSL_CERT_FILE: ca,
  };
  return service;
}

/** Answers CONNECT for auth.openai.com; whoever wants to go elsewhere is refused. */
async function connectAll(proxy: Deno.Listener, port: number): Promise<void> {
  for await (const client of proxy) {
    connect(client, port).catch(() => {});
  }
}

async function connect(client: Deno.Conn, port: number): Promise<void> {
  const head = new Uint8Array(4096);
  const read = await client.read(head) ?? 0;
  const line = new TextDecoder().decode(head.subarray(0, read)).split(
    "\r\n",
  )[0]!;
  if (!line.startsWith("CONNECT auth.openai.com:443")) {
    await client.write(
      new TextEncoder().encode("HTTP/1.1 403 Forbidden\r\n\r\n"),
    );
    return client.close();
  }
  const target = await Deno.connect({ hostname: "127.0.0.1", port });
  await client.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
  await Promise.all([
    client.readable.pipeTo(target.writable).catch(() => {}),
    target.readable.pipeTo(client.writable).catch(() => {}),
  ]);
}

async function makeCertificates(dir: string) {
  const at = (name: string) => join(dir, name);
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", {
      args,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  };
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  await openssl(
    ...[
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      at("ca.key"),
      "-out",
      at("ca.pem"),
    ],
    ...["-days", "2", "-subj", "/CN=loopback authority"],
  );
  await openssl(
    ...["req", ...newKey, "-keyout", at("key.pem"), "-out", at("request.pem")],
    ...["-subj", "/CN=auth.openai.com"],
  );
  Deno.writeTextFileSync(at("names"), "subjectAltName=DNS:auth.openai.com");
  await openssl(
    ...["x509", "-req", "-in", at("request.pem"), "-CA", at("ca.pem")],
    ...["-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2"],
    ...["-extfile", at("names"), "-out", at("cert.pem")],
  );
  return {
    ca: at("ca.pem"),
    cert: Deno.readTextFileSync(at("cert.pem")),
    key: Deno.readTextFileSync(at("key.pem")),
  };
}
