import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Secret } from "@message-sender/core";
import { expect, it, onTestFinished } from "vitest";

import { callApi } from "./client.ts";

async function serverThatAnswers(status: number, body: string): Promise<string> {
  const server = createServer((_, answer) => answer.writeHead(status).end(body)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  [200, ""],
  [404, "<html>Not Found</html>"],
  [502, "null"],
])("an answer that is not a JSON object is reported as such: HTTP %i, %j", async (status, body) => {
  const url = await serverThatAnswers(status, body);
  const { reason } = (await callApi({ url }, { path: "/api/v1/messages/m" }))._unsafeUnwrapErr();
  expect(reason).toMatch(new RegExp(`^${url} answered HTTP ${status} without a JSON object .*MESSAGE_SENDER_URL`));
});

it("names the setting of the server's URL if no server answers", async () => {
  const { reason } = (await callApi({ url: "http://127.0.0.1:1" }, { path: "/readyz" }))._unsafeUnwrapErr();
  expect(reason).toMatch(
    /^no answer from http:\/\/127\.0\.0\.1:1: .*\(does a server run, and is MESSAGE_SENDER_URL right\?\)$/,
  );
});

it("stops reading an answer that is too long for one of the API, and says so", async () => {
  const server = createServer((_, answer) => {
    const more = () => {
      while (answer.write(Buffer.alloc(1024 * 1024, 32)));
    };
    answer.on("drain", more);
    more();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failure = (await callApi({ url }, { path: "/x" }))._unsafeUnwrapErr();
  const reason = `${url} answered HTTP 200 with more than 64 MiB (is MESSAGE_SENDER_URL right?)`;
  expect(failure).toEqual({ reason, exitCode: 3 });
}, 120_000);

it("returns an answer that is a JSON object unchanged", async () => {
  const url = await serverThatAnswers(404, '{"detail":"There is nothing here."}');
  const answer = (await callApi({ url }, { path: "/x" }))._unsafeUnwrap();
  expect(answer).toEqual({ status: 404, body: { detail: "There is nothing here." } });
});

it.each([
  ["12345678901234567890", "12345678901234567890"],
  ["-9007199254740993", "-9007199254740993"],
  ["9007199254740991", "9007199254740991"],
  ["0.5", "0.5"],
])("writes the number %s as the server did", async (number, written) => {
  const url = await serverThatAnswers(200, `{"webhooks":[{"n":${number}}]}`);
  const answer = (await callApi({ url }, { path: "/x" }))._unsafeUnwrap();
  expect(JSON.stringify(answer.body)).toBe(`{"webhooks":[{"n":${written}}]}`);
});

it("sends the API key as a bearer token", async () => {
  const server = createServer((incoming, answer) =>
    answer.end(JSON.stringify({ got: incoming.headers.authorization })),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = await callApi({ url, apiKey: new Secret("the-key") }, { path: "/x" });
  expect(answer._unsafeUnwrap().body).toEqual({ got: "Bearer the-key" });
});
