import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { setImmediate as turn } from "node:timers/promises";
import { setDefaultCACertificates } from "node:tls";

import { Secret } from "@message-sender/core";
import type { Outcome } from "@message-sender/core/adapter";
import { expect, onTestFinished, test } from "vitest";

import { type Fault, type Link, pass, startFaultProxy, startFullBacklog } from "../../../test/fault-proxy.ts";
import { type HttpLoopback, sendJson, startHttpServer } from "../../../test/loopback.ts";
import {
  currentManualLimits,
  generousMs,
  holdManualLimit,
  manualLimitMs,
  reachManualLimit,
} from "../../../test/manual-limit.ts";
import { createGraphTransport } from "./graph-transport.ts";

/**
 * A fault: the outcome that we report for its request, and what the server saw of that request, then or later. "Nothing"
 * means no byte. "All" means the whole request, read by a server that would have processed it.
 */
interface Row {
  readonly name: string;
  readonly over?: "http" | "https";
  /** On the first connection. With `reused`, on one that has already carried a request and its answer. */
  readonly fault?: Fault;
  readonly reused?: true;
  /** How the server answers once it has read the request. */
  readonly answer?: (response: ServerResponse, link: Link) => void;
  readonly untrusted?: true;
  readonly fullBacklog?: true;
  readonly text?: string;
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly outcome: Outcome;
  readonly saw: "nothing" | "a part" | "all";
}

const notSent = (cause: string, final = false): Outcome => ({ kind: "NotSent", final, cause });
const ambiguous = (cause: string): Outcome => ({ kind: "Ambiguous", sawSuccess: false, cause });
const ambiguousSawSuccess = (cause: string): Outcome => ({
  kind: "Ambiguous",
  sawSuccess: true,
  cause,
  httpStatus: 200,
});
const accepted = (id: string): Outcome => ({ kind: "Accepted", wamid: `wamid.${id}`, httpStatus: 200 });

const pem = readFileSync(new URL("../../../test/localhost.pem", import.meta.url), "utf8");
const head = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n";
/** Rows with this limit advance time to it themselves, at the right point of the exchange. */
const manualLimit = { timeoutMs: manualLimitMs };
const timedOut = `timed out after ${manualLimitMs} ms`;
const reset: Fault = ({ client }) => void client.resetAndDestroy();

/** undici has begun a request, and writes it when `act` returns. */
const whenWriting = (act: () => void) => next("undici:client:sendHeaders", act);

/** undici has the head of an answer. */
const whenHeadSeen = (act: () => void) => next("undici:request:headers", act);

function next(channel: string, act: () => void): void {
  const listener = (): void => {
    unsubscribe(channel, listener);
    act();
  };
  subscribe(channel, listener);
  onTestFinished(() => void unsubscribe(channel, listener));
}

/** The server stops sending after some bytes, and continues later. */
const stopHandshake: Fault = ({ client, server }, healed) => {
  client.pipe(server);
  server.once("data", async (chunk: Buffer) => {
    client.write(chunk.subarray(0, 100));
    await healed;
    client.write(chunk.subarray(100));
    server.pipe(client);
  });
};

/** Writes `first` at once and then one byte at a time, endlessly. The received bytes must not extend the limit. */
function drip(response: ServerResponse, first: string, isLate: (act: () => void) => void): void {
  const { socket } = response;
  const reachLimit = currentManualLimits();
  isLate(() => setTimeout(reachLimit, 50));
  socket?.write(first);
  const timer = setInterval(() => socket?.write(" "), 10);
  socket?.once("close", () => clearInterval(timer));
}

const rows: readonly Row[] = [
  // Before the request.
  {
    name: "reset after the client's hello",
    over: "https",
    fault: ({ client }) => client.once("data", () => client.resetAndDestroy()),
    outcome: notSent("connection reset"),
    saw: "nothing",
  },
  {
    name: "closed after the client's hello",
    over: "https",
    fault: ({ client }) => client.once("data", () => client.end()),
    outcome: notSent("connection reset"),
    saw: "nothing",
  },
  {
    name: "reset within the server's hello",
    over: "https",
    fault: ({ client, server }) => {
      client.pipe(server);
      server.once("data", (chunk: Buffer) => client.write(chunk.subarray(0, 100), () => client.resetAndDestroy()));
    },
    outcome: notSent("connection reset"),
    saw: "nothing",
  },
  {
    name: "closed within the server's hello",
    over: "https",
    fault: ({ client, server }) => {
      client.pipe(server);
      server.once("data", (chunk: Buffer) => client.end(chunk.subarray(0, 100)));
    },
    outcome: notSent("connection reset"),
    saw: "nothing",
  },
  {
    name: "no TLS on the other side",
    over: "https",
    fault: ({ client }) => client.once("data", () => client.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    outcome: notSent("connecting failed"),
    saw: "nothing",
  },
  {
    name: "a certificate that is not trusted",
    over: "https",
    untrusted: true,
    outcome: notSent("certificate not trusted", true),
    saw: "nothing",
  },
  {
    name: "a handshake that outlasts the connect timeout",
    over: "https",
    fault: stopHandshake,
    connectTimeoutMs: 100,
    outcome: notSent("connect timeout"),
    saw: "nothing",
  },
  {
    name: "a handshake that outlasts the deadline, and then succeeds",
    over: "https",
    fault: stopHandshake,
    timeoutMs: 100,
    outcome: notSent("timed out after 100 ms"),
    saw: "nothing",
  },
  {
    name: "a full backlog until the connect timeout",
    fullBacklog: true,
    connectTimeoutMs: 100,
    outcome: notSent("connect timeout"),
    saw: "nothing",
  },
  // The request.
  {
    name: "reset before the request leaves, unnoticed",
    reused: true,
    fault: (link, healed) => whenWriting(() => reset(link, healed)),
    outcome: ambiguous("connection reset"),
    saw: "nothing",
  },
  {
    name: "reset before the request is read",
    reused: true,
    fault: (link, healed) =>
      whenWriting(() => {
        link.client.unpipe().pause();
        setImmediate(() => reset(link, healed));
      }),
    outcome: ambiguous("connection reset"),
    saw: "nothing",
  },
  {
    name: "accepted and never read",
    over: "http",
    fault: () => whenWriting(() => setImmediate(reachManualLimit)),
    ...manualLimit,
    outcome: ambiguous(timedOut),
    saw: "nothing",
  },
  {
    name: "reset while the request is read",
    text: "x".repeat(1_000_000),
    fault: ({ client, server }) => {
      server.pipe(client);
      let bytes = 0;
      client.on("data", (chunk: Buffer) => {
        server.write(chunk);
        bytes += chunk.length;
        if (bytes > 50_000) client.resetAndDestroy();
      });
    },
    outcome: ambiguous("connection reset"),
    saw: "a part",
  },
  // The answer.
  {
    name: "reset after the request was read",
    answer: (_, { client }) => client.resetAndDestroy(),
    outcome: ambiguous("connection reset"),
    saw: "all",
  },
  {
    name: "closed after the request was read",
    answer: (_, { client }) => client.end(),
    outcome: ambiguous("connection closed"),
    saw: "all",
  },
  {
    name: "no answer",
    answer: reachManualLimit,
    ...manualLimit,
    outcome: ambiguous(timedOut),
    saw: "all",
  },
  {
    name: "an answer that is not HTTP",
    answer: ({ socket }) => socket?.write("SSH-2.0-OpenSSH\r\n"),
    outcome: ambiguous("answer is not HTTP"),
    saw: "all",
  },
  {
    name: "an answer that stops in its head",
    answer: ({ socket }) => socket?.write(head.slice(0, -2), () => setImmediate(reachManualLimit)),
    ...manualLimit,
    outcome: ambiguous(timedOut),
    saw: "all",
  },
  {
    name: "a head a byte at a time",
    answer: (response) => drip(response, "HTTP/1.1 200 OK\r\nx:", (act) => act()),
    ...manualLimit,
    outcome: ambiguous(timedOut),
    saw: "all",
  },
  {
    name: "an answer that stops in its body",
    answer: ({ socket }) => {
      whenHeadSeen(() => setImmediate(reachManualLimit));
      socket?.write(`${head}{`);
    },
    ...manualLimit,
    outcome: ambiguousSawSuccess(timedOut),
    saw: "all",
  },
  {
    name: "a body a byte at a time",
    answer: (response) => drip(response, head, whenHeadSeen),
    ...manualLimit,
    outcome: ambiguousSawSuccess(timedOut),
    saw: "all",
  },
  {
    name: "reset in the head",
    answer: ({ socket }, { client }) => socket?.write(head.slice(0, -2), () => client.resetAndDestroy()),
    outcome: ambiguous("connection reset"),
    saw: "all",
  },
  {
    name: "reset in the body",
    answer: ({ socket }, { client }) => {
      whenHeadSeen(() => client.resetAndDestroy());
      socket?.write(`${head}{`);
    },
    outcome: ambiguousSawSuccess("response cut short"),
    saw: "all",
  },
  {
    name: "cut off in the body",
    answer: ({ socket }, { client }) => {
      whenHeadSeen(() => client.end());
      socket?.write(`${head}{`);
    },
    outcome: ambiguousSawSuccess("response cut short"),
    saw: "all",
  },
  {
    name: "cut off in a chunk",
    answer: ({ socket }, { client }) => {
      whenHeadSeen(() => client.end());
      socket?.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel");
    },
    outcome: ambiguousSawSuccess("response cut short"),
    saw: "all",
  },
  {
    name: "cut off in a body without a length",
    answer: ({ socket }, { client }) => {
      whenHeadSeen(() => client.end());
      socket?.write('HTTP/1.1 200 OK\r\n\r\n{"messages":[{"id":"wamid.first"}');
    },
    outcome: ambiguousSawSuccess("HTTP 200 without a message id"),
    saw: "all",
  },
  // Between two requests.
  {
    name: "an idle connection was reset, which is noticed ahead of the request",
    reused: true,
    fault: async (link, healed) => {
      reset(link, healed);
      // The event loop polls for data between two of these.
      await turn();
      await turn();
    },
    outcome: accepted("first"),
    saw: "all",
  },
  {
    name: "an idle connection was reset, which is noticed with the request in hand",
    reused: true,
    fault: reset,
    outcome: notSent("connection reset"),
    saw: "nothing",
  },
  {
    name: "an idle connection was closed",
    reused: true,
    fault: ({ client }) => client.end(),
    outcome: accepted("first"),
    saw: "all",
  },
  {
    name: "an unsolicited answer came on an idle connection",
    over: "http",
    reused: true,
    fault: ({ client }) =>
      client.write('HTTP/1.1 200 OK\r\ncontent-length: 32\r\n\r\n{"messages":[{"id":"wamid.odd"}]}'),
    outcome: accepted("first"),
    saw: "all",
  },
];

const cases = (["http", "https"] as const).flatMap((scheme) =>
  rows
    .filter((row) => (row.over ?? scheme) === scheme && (!row.fullBacklog || process.platform === "linux"))
    .map((row) => ({
      ...row,
      scheme,
      title: `${scheme}, ${row.name}: ${row.outcome.kind}, the server saw ${row.saw}`,
    })),
);

test.each(cases)("$title", async ({ scheme, ...row }) => {
  setDefaultCACertificates(row.untrusted ? [] : [pem]);
  const server = await startHttpServer(
    ({ url }, response) => {
      const id = url.split("/")[2] ?? "";
      const link = proxy.links.at(-1);
      if (id === "first" && row.answer && link) row.answer(response, link);
      else sendJson(response, 200, { messages: [{ id: `wamid.${id}` }] });
    },
    scheme === "https" ? pem : undefined,
  );
  const { fault = pass, timeoutMs = generousMs, connectTimeoutMs = generousMs } = row;
  if (timeoutMs === manualLimitMs) holdManualLimit();
  const proxy = await startFaultProxy(server.port, row.reused ? pass : fault);
  const backlog = row.fullBacklog ? await startFullBacklog(proxy.port) : undefined;
  const url = `${scheme}://localhost:${(backlog ?? proxy).port}`;
  const submit = submitTo(url, connectTimeoutMs);

  if (row.reused) {
    expect(await submit("zeroth")).toEqual(accepted("zeroth"));
    for (const link of proxy.links) await fault(link, Promise.resolve());
  }
  expect(await submit("first", timeoutMs, row.text)).toEqual(row.outcome);

  // If a later exchange works, no byte of the first request was still pending.
  proxy.heal();
  await backlog?.accept();
  setDefaultCACertificates([pem]);
  // On a busy machine, the row's short connect timeout may be too short at the first try.
  await expect.poll(() => submit("second")).toEqual(accepted("second"));
  await expect.poll(() => sawOfFirst(server)).toBe(row.saw);
  expect(server.requests.filter(({ url }) => url.includes("/first/"))).toHaveLength(row.saw === "all" ? 1 : 0);
});

test.each([
  ["nobody listens", "http://127.0.0.1:1", "connection refused"],
  ["the name does not exist", "http://nonexistent.invalid", "dns lookup failed"],
])("%s: NotSent", async (_, url, cause) => {
  expect(await submitTo(url)("first")).toEqual(notSent(cause));
});

test("https, a trusted certificate for another name: NotSent, the server saw nothing", async () => {
  setDefaultCACertificates([pem]);
  const server = await startHttpServer((_, response) => response.end(), pem);
  const submit = submitTo(`https://127.0.0.1:${server.port}`);
  for (const id of ["first", "second"]) expect(await submit(id)).toEqual(notSent("certificate not trusted", true));
  expect(server.received()).toBe("");
});

function submitTo(url: string, connectTimeoutMs = generousMs) {
  const transport = createGraphTransport({ url, maxConnections: 1, connectTimeoutMs });
  onTestFinished(() => transport.close());
  return async (phoneNumberId: string, timeoutMs = generousMs, body = "hello"): Promise<Outcome> => {
    const credential = { accessToken: new Secret("EAAtoken"), phoneNumberId };
    const content = { type: "text", text: { body } } as const;
    const submission = { credential, to: "+628123456789", content, callbackData: "ms1:0190:1" };
    return (await transport.submit(submission, timeoutMs))._unsafeUnwrap();
  };
}

function sawOfFirst(server: HttpLoopback): Row["saw"] {
  if (server.requests.some(({ url }) => url.includes("/first/"))) return "all";
  const others = /POST \/v25\.0\/(?:zeroth|second)\/.+?"ms1:0190:1"\}/gs;
  return server.received().replace(others, "") ? "a part" : "nothing";
}
