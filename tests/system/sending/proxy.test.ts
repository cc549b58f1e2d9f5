import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { setDefaultCACertificates } from "node:tls";

import { createService, optionsFromEnvironment } from "@message-sender/server";
import { expect, it, onTestFinished } from "vitest";

const pem = readFileSync(new URL("../../../packages/http-adapter/test/localhost.pem", import.meta.url), "utf8");
setDefaultCACertificates([pem]);

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** WhatsApp over https, and a proxy that asks for a password. */
async function startNetwork() {
  const graph = createHttpsServer({ key: pem, cert: pem }, (incoming, response) => {
    incoming.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ messages: [{ id: "wamid.1" }] }));
  });
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request: IncomingMessage, client: Socket) => {
    tunnels.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    client.on("error", () => {});
    const expected = `Basic ${Buffer.from("sender:s3cr3t-canary").toString("base64")}`;
    if (request.headers["proxy-authorization"] !== expected) return void client.end("HTTP/1.1 407 No\r\n\r\n");
    const target = connect(graphPort, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    target.on("error", () => client.destroy());
    client.pipe(target).pipe(client);
  });
  const [graphPort, proxyPort] = [await listen(graph), await listen(proxy)];
  return { graphUrl: `https://localhost:${graphPort}`, proxyHost: `127.0.0.1:${proxyPort}`, tunnels };
}

async function sendThrough(environment: Record<string, string>) {
  const log: unknown[] = [];
  const note = (...line: unknown[]): void => void log.push(line);
  const outlets = { outlet: { waba_access_token: "EAAtoken", phone_number_id: "106540352242922" } };
  const service = await createService({
    ...optionsFromEnvironment({ DATABASE_URL: "memory:", RETRY_SCHEDULE_MS: "0", ...environment })._unsafeUnwrap(),
    tenants: { tenant: { quota: { limit: 10, period: "day" }, outlets } },
    logger: { debug: note, info: note, warn: note, error: note },
  });
  onTestFinished(() => service.close());
  const sent = await service.sender.send({
    tenantId: "tenant",
    outletId: "outlet",
    conversationId: "conversation",
    to: "+628123456789",
    content: { type: "text", text: { body: "Hello!" } },
  });
  expect(JSON.stringify([log, sent])).not.toContain("canary");
  return sent;
}

it("HTTPS_PROXY carries the calls to WhatsApp, with the credentials that are in its URL", async () => {
  const { graphUrl, proxyHost, tunnels } = await startNetwork();
  const sent = await sendThrough({ GRAPH_API_URL: graphUrl, HTTPS_PROXY: `http://sender:s3cr3t-canary@${proxyHost}` });
  expect(sent._unsafeUnwrap().message.attempts[0]?.ended?.outcome.kind).toBe("Accepted");
  expect(tunnels).toHaveLength(1);
  expect(tunnels[0]).toContain(new URL(graphUrl).host);
});

it("NO_PROXY names the hosts that are called directly", async () => {
  const { graphUrl, proxyHost, tunnels } = await startNetwork();
  const sent = await sendThrough({
    GRAPH_API_URL: graphUrl,
    HTTPS_PROXY: `http://${proxyHost}`,
    NO_PROXY: "example.com, localhost",
  });
  expect(sent.isOk()).toBe(true);
  expect(tunnels).toEqual([]);
});

it("where the proxy refuses, nothing was sent, and the unit of quota goes back", async () => {
  const { graphUrl, proxyHost, tunnels } = await startNetwork();
  const error = (
    await sendThrough({ GRAPH_API_URL: graphUrl, HTTPS_PROXY: `http://sender:wrong@${proxyHost}` })
  )._unsafeUnwrapErr();
  expect(error).toMatchObject({ message: { conclusion: { as: "exhausted" } } });
  expect("message" in error && error.message.attempts[0]?.ended?.outcome).toEqual({
    kind: "NotSent",
    final: false,
    cause: "proxy rejected its credentials",
  });
  expect(tunnels).toHaveLength(1);
});
