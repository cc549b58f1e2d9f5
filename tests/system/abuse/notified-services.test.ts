import type { IncomingMessage } from "node:http";

import { describe, expect, it } from "vitest";

import { order, useAbusedServer } from "./abused-server.ts";
import { answerOf, dripping, endless, rawBytes, startFakeService } from "./fake-service.ts";
import { titleOf } from "./rows.ts";

type Respond = Parameters<Awaited<ReturnType<typeof startFakeService>>["respondWith"]>[0];

const serviceToken = "service-token-of-the-abused-server";
const secret = `whsec_${Buffer.from("the-secret-of-the-abused-server-").toString("base64")}`;
const patience = { timeout: 120_000 };

/** The id of the message that a request is about: in its Idempotency-Key, or before the colon of its webhook-id. */
const messageOf = ({ headers }: IncomingMessage) =>
  String(headers["webhook-id"] ?? headers["idempotency-key"]).split(":")[0] ?? "";

const elsewhere = await startFakeService(answerOf(200, {}));
const to = { location: `${elsewhere.url}/elsewhere` };
let sentMegabytes = 0;

const odd: Readonly<Record<string, Respond>> = {
  "a redirect, 301": answerOf(301, "", to),
  "a redirect, 302": answerOf(302, "", to),
  "a redirect, 307": answerOf(307, "", to),
  "a redirect, 308": answerOf(308, "", to),
  "HTML with 503": answerOf(503, "<!doctype html><title>Sorry</title>"),
  "a failure of 50 MB": endless(500, "{", (sent) => (sentMegabytes = Math.max(sentMegabytes, sent))),
  "a failure that drips": dripping(500, "{"),
  "bytes that are not HTTP": rawBytes("SSH-2.0-OpenSSH_9.9\r\n"),
  "a failure that repeats the request and the token": (outgoing, incoming) =>
    answerOf(500, { detail: `${order.message} ${order.to} ${incoming.headers.authorization} ${secret}` })(
      outgoing,
      incoming,
    ),
};

/** A service that gives the first request about each message an odd answer, each in its turn, and accepts all others. */
async function startNotified() {
  const given = new Map<string, string>();
  const accepted = new Set<string>();
  const left = Object.entries(odd);
  const service = await startFakeService((outgoing, incoming) => {
    // Without batches, each request is about one message.
    if (incoming.url?.endsWith("/batch")) return answerOf(404, "")(outgoing, incoming);
    const messageId = messageOf(incoming);
    const next = given.has(messageId) ? undefined : left.shift();
    if (next) {
      given.set(messageId, next[0]);
      return next[1](outgoing, incoming);
    }
    accepted.add(messageId);
    answerOf(201, "")(outgoing, incoming);
  });
  return { url: service.url, given, accepted };
}

const history = await startNotified();
const receiver = await startNotified();
const server = useAbusedServer({
  CONVERSATION_SERVICE_URL: history.url,
  SERVICE_TOKEN: serviceToken,
  STATUS_CALLBACK_URL: `${receiver.url}/callbacks`,
  CALLBACK_SECRET: secret,
  CALLBACK_ALLOW_PRIVATE: "on",
});

describe(titleOf("Notified services: odd answers"), () => {
  it.each([
    ["the Conversation Service", history],
    ["a receiver of status callbacks", receiver],
  ])("%s", async (_, { given, accepted }) => {
    const sent = await Promise.all(
      Object.keys(odd).map((_, index) => server.send({ ...order, conversation_id: `talk-${index}` })),
    );
    expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200));
    await expect.poll(() => [...given.values()].toSorted(), patience).toEqual(Object.keys(odd).toSorted());
    for (const [messageId, answer] of given)
      await expect.poll(() => accepted.has(messageId), { ...patience, message: answer }).toBe(true);

    expect(elsewhere.requests).toEqual([]);
    expect(sentMegabytes).toBeLessThan(50);
    const printed = server.printed();
    for (const text of [order.message, order.to.slice(1), serviceToken, secret.slice(6)])
      expect(printed).not.toContain(text);
  });
});
