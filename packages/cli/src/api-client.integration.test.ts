import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Secret } from "@message-sender/core";
import { describe, expect, it, onTestFinished } from "vitest";

import { callApi } from "./api-client.ts";

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
  expect(reason).toMatch(/^no answer from http:\/\/127\.0\.0\.1:1: .*\(is MESSAGE_SENDER_URL right\?\)$/);
});

it("returns an answer that is a JSON object unchanged", async () => {
  const url = await serverThatAnswers(404, '{"detail":"There is nothing here."}');
  const answer = (await callApi({ url }, { path: "/x" }))._unsafeUnwrap();
  expect(answer).toEqual({ status: 404, body: { detail: "There is nothing here." } });
});

describe("a caller that is not admitted", () => {
  const problem = '{"detail":"This is why."}';

  it.each([
    [401, problem, " This is why. Set MESSAGE_SENDER_API_KEY to an API key of that server."],
    [401, "{}", " Set MESSAGE_SENDER_API_KEY to an API key of that server."],
    [403, problem, " This is why."],
  ])("learns why, and how to give a key if one is missing: HTTP %i %s", async (status, body, sentences) => {
    const url = await serverThatAnswers(status, body);
    expect((await callApi({ url }, { path: "/x" }))._unsafeUnwrapErr()).toEqual({
      reason: `${url} answered HTTP ${status}.${sentences}`,
      exitCode: 1,
    });
  });

  it("learns where the refused key comes from, and the key is not shown", async () => {
    const url = await serverThatAnswers(403, problem);
    const apiKey = new Secret("canary-key");
    const { reason } = (await callApi({ url, apiKey }, { path: "/x" }))._unsafeUnwrapErr();
    expect(reason).toMatch(/The API key is the one in MESSAGE_SENDER_API_KEY\.$/);
    expect(reason).not.toContain("canary");
  });
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
