import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

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
  const { reason } = (await callApi(url, { path: "/api/v1/messages/m" }))._unsafeUnwrapErr();
  expect(reason).toMatch(new RegExp(`^${url} answered HTTP ${status} without a JSON object .*MESSAGE_SENDER_URL`));
});

it("names the setting of the server's URL if no server answers", async () => {
  const { reason } = (await callApi("http://127.0.0.1:1", { path: "/readyz" }))._unsafeUnwrapErr();
  expect(reason).toMatch(/^no answer from http:\/\/127\.0\.0\.1:1: .*\(is MESSAGE_SENDER_URL right\?\)$/);
});

it("returns an answer that is a JSON object unchanged", async () => {
  const url = await serverThatAnswers(404, '{"detail":"There is nothing here."}');
  const answer = (await callApi(url, { path: "/x" }))._unsafeUnwrap();
  expect(answer).toEqual({ status: 404, body: { detail: "There is nothing here." } });
});
