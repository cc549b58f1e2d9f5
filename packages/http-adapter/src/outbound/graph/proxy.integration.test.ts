import { readFileSync } from "node:fs";
import { setDefaultCACertificates } from "node:tls";

import { Secret } from "@message-sender/core";
import type { Outcome } from "@message-sender/core/adapter";
import { expect, onTestFinished, test } from "vitest";

import { startConnectProxy, type Tunnel } from "../../../test/connect-proxy.ts";
import { sendJson, startHttpServer } from "../../../test/loopback.ts";
import { generousMs } from "../../../test/manual-limit.ts";
import type { GraphTransportOptions } from "./graph-client.ts";
import { createGraphMedia } from "./graph-media.ts";
import { createGraphTransport } from "./graph-transport.ts";

const pem = readFileSync(new URL("../../../test/localhost.pem", import.meta.url), "utf8");
setDefaultCACertificates([pem]);

const credential = { accessToken: new Secret("s3cr3t-canary-0123456789"), phoneNumberId: "106540352242922" };
const submission = {
  credential,
  to: "+628123456789",
  content: { type: "text", text: { body: "Hello!" } },
  callbackData: "ms1:0190:1",
} as const;

const startGraph = (certificate?: string) =>
  startHttpServer(
    ({ url }, response) =>
      sendJson(response, 200, url.endsWith("/media") ? { id: "555" } : { messages: [{ id: "wamid.1" }] }),
    certificate,
  );

async function submitTo(url: string, options: GraphTransportOptions): Promise<Outcome> {
  const transport = createGraphTransport({ url, ...options });
  onTestFinished(() => transport.close());
  return (await transport.submit(submission, generousMs))._unsafeUnwrap();
}

const localhost = (url: string): string => url.replace("http://127.0.0.1", "https://localhost");

test("requests to https servers go through the tunnels of the proxy, which sees none of them", async () => {
  const graph = await startGraph(pem);
  const proxy = await startConnectProxy();
  const url = localhost(graph.url);
  expect(await submitTo(url, { proxy: { url: proxy.url } })).toMatchObject({ kind: "Accepted", wamid: "wamid.1" });
  expect(graph.requests).toHaveLength(1);
  expect(proxy.requests.map((request) => request.url)).toEqual([`localhost:${graph.port}`]);
  expect(JSON.stringify(proxy.requests[0]?.headers)).not.toMatch(/canary|authorization/);
});

test("a tunnel is used again, and there are no more of them than connections", async () => {
  const graph = await startGraph(pem);
  const proxy = await startConnectProxy();
  const transport = createGraphTransport({
    url: localhost(graph.url),
    maxConnections: 2,
    proxy: { url: proxy.url.replace("//", "//us%40er:p%3Ass@") },
  });
  onTestFinished(() => transport.close());
  const sent = await Promise.all(Array.from({ length: 12 }, () => transport.submit(submission, generousMs)));
  expect(sent.map((result) => result._unsafeUnwrap().kind)).toEqual(Array(12).fill("Accepted"));
  expect(proxy.requests.length).toBeLessThanOrEqual(2);
  const basic = `Basic ${Buffer.from("us@er:p:ss").toString("base64")}`;
  expect(proxy.requests.map(({ headers }) => headers["proxy-authorization"])).toEqual(proxy.requests.map(() => basic));
});

test("a file goes through the proxy too", async () => {
  const graph = await startGraph(pem);
  const proxy = await startConnectProxy();
  const media = createGraphMedia({ url: localhost(graph.url), proxy: { url: proxy.url } });
  onTestFinished(() => media.close());
  async function* content() {
    yield Buffer.from("%PDF");
  }
  const file = { credential, mimeType: "application/pdf", filename: "a.pdf", content: content() };
  expect((await media.upload(file, generousMs))._unsafeUnwrap()).toEqual({ mediaId: "555" });
  expect([proxy.requests.length, graph.requests.length]).toEqual([1, 1]);
});

test("http servers, and those that are excepted, are called directly", async () => {
  const proxy = await startConnectProxy();
  const plain = await startGraph();
  expect(await submitTo(plain.url, { proxy: { url: proxy.url } })).toMatchObject({ kind: "Accepted" });
  const graph = await startGraph(pem);
  const except = ["example.com", "localhost"];
  expect(await submitTo(localhost(graph.url), { proxy: { url: proxy.url, except } })).toMatchObject({
    kind: "Accepted",
  });
  expect(proxy.requests).toEqual([]);
});

const answers = (head: string) => (tunnel: Tunnel) =>
  void tunnel.client.end(`HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`);

test.each<[string, string, (tunnel: Tunnel) => void]>([
  ["asks for credentials", "proxy rejected its credentials", answers("407 Proxy Authentication Required")],
  ["forbids the server", "proxy refused the connection", answers("403 Forbidden")],
  ["cannot reach the server", "proxy refused the connection", answers("502 Bad Gateway")],
  ["closes the connection", "proxy unreachable", ({ client }) => void client.destroy()],
  ["resets the connection", "proxy unreachable", ({ client }) => void client.resetAndDestroy()],
  ["answers with what is not HTTP", "proxy unreachable", ({ client }) => void client.end("what?\r\n\r\n")],
  ["does not answer", "proxy timeout", () => {}],
  [
    "resets the tunnel before TLS",
    "connection reset",
    ({ client }) => {
      client.once("data", () => client.resetAndDestroy());
      client.write("HTTP/1.1 200 OK\r\n\r\n");
    },
  ],
])("a proxy that %s: nothing was sent", async (_, cause, onConnect) => {
  const graph = await startGraph(pem);
  const proxy = await startConnectProxy(onConnect);
  const outcome = await submitTo(localhost(graph.url), { proxy: { url: proxy.url }, connectTimeoutMs: 500 });
  expect(outcome).toEqual({ kind: "NotSent", final: false, cause });
  expect(graph.requests).toEqual([]);
});

test("a proxy that is not there: nothing was sent", async () => {
  const graph = await startGraph(pem);
  const gone = await startHttpServer(() => {});
  await gone.close();
  const outcome = await submitTo(localhost(graph.url), { proxy: { url: gone.url } });
  expect(outcome).toEqual({ kind: "NotSent", final: false, cause: "proxy unreachable" });
});

test("a server whose certificate is not trusted gets nothing, also through a proxy", async () => {
  const graph = await startGraph(pem);
  const proxy = await startConnectProxy();
  setDefaultCACertificates([]);
  onTestFinished(() => setDefaultCACertificates([pem]));
  const outcome = await submitTo(localhost(graph.url), { proxy: { url: proxy.url } });
  expect(outcome).toEqual({ kind: "NotSent", final: true, cause: "certificate not trusted" });
  expect(graph.requests).toEqual([]);
});

test("a tunnel that breaks when the server has the request: the outcome is ambiguous", async () => {
  const tunnels: Tunnel[] = [];
  const graph = await startHttpServer(() => tunnels[0]?.client.resetAndDestroy(), pem);
  const proxy = await startConnectProxy((tunnel) => {
    tunnels.push(tunnel);
    tunnel.open();
  });
  const outcome = await submitTo(localhost(graph.url), { proxy: { url: proxy.url } });
  expect(outcome).toMatchObject({ kind: "Ambiguous", sawSuccess: false });
  expect(graph.requests).toHaveLength(1);
});
