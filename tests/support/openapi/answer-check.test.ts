import { createMessageSender } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { createHttpApp } from "@message-sender/http-adapter/inbound";
import { expect, it } from "vitest";

import { createAnswerCheck, type Exchange } from "./answer-check.ts";
import type { OpenApiDocument } from "./document.ts";

const app = createHttpApp({ sender: createMessageSender(createTestPorts()), access: "open" });
const check = createAnswerCheck((await (await app.request("/openapi.json")).json()) as OpenApiDocument);

const status = { status: "sent", queued_at: "2025-11-21T10:00:00.000Z", version: 2 };
const traced = { "x-request-id": "r-1", traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` };
const headers = { ...traced, "content-type": "application/json" };
const problem = { type: "/problems/not-found", title: "Not found", status: 404, detail: "No such message." };
const asDocumented = { method: "GET", path: "/api/v1/messages/m-1/status", status: 200, headers, body: status };
const asProblem = { status: 404, headers: { ...traced, "content-type": "application/problem+json" } };

const faultsOf = (changed: Partial<Omit<Exchange, "body">> & { body?: object }) => {
  const { body, ...exchange } = { ...asDocumented, ...changed };
  return check({ ...exchange, body: JSON.stringify(body) });
};

it("accepts what is documented, and what never reaches a route", () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ ...asProblem, body: problem })).toEqual([]);
  expect(faultsOf({ path: "/nowhere", status: 404 })).toEqual([]);
  expect(faultsOf({ method: "DELETE", status: 405 })).toEqual([]);
  expect(
    faultsOf({
      status: 431,
      headers: asProblem.headers,
      body: { ...problem, type: "about:blank", status: 431 },
    }),
  ).toEqual([]);
});

it.each([
  ["a status", { status: 201 }, "has a status that getMessageStatus does not document"],
  ["a field", { body: { ...status, colour: "red" } }, "must NOT have additional properties"],
  ["a value", { body: { ...status, status: "lost" } }, "must be equal to one of the allowed values"],
  ["a time", { body: { ...status, queued_at: "yesterday" } }, 'must match format "date-time"'],
  ["the lack of a field", { body: { status: "sent" } }, "must have required property 'queued_at'"],
  ["a header", { headers: { ...headers, "x-extra": "1" } }, "has the header x-extra, which is not documented"],
  ["a header's value", { headers: { ...headers, traceparent: "1" } }, "header traceparent: must match pattern"],
  [
    "the lack of a header",
    { headers: { ...headers, "x-request-id": undefined as never } },
    "lacks the header x-request-id",
  ],
  ["a media type", { headers: { ...headers, "content-type": "text/html" } }, "has the media type text/html"],
  ["a problem type", { ...asProblem, body: { ...problem, type: "/problems/conflict" } }, "must be equal to one of"],
  ["another problem's status", { ...asProblem, body: { ...problem, status: 400 } }, "must be equal to constant"],
  ["a field of a problem", { ...asProblem, body: { ...problem, hint: "none" } }, "must NOT have additional properties"],
  ["a method", { method: "PUT" }, "is of a method that is not documented"],
  ["a path", { path: "/api/v2/messages" }, "is a success of a path that is not documented"],
])("finds %s that is not documented", (_, changed, fault) => {
  expect(faultsOf(JSON.parse(JSON.stringify(changed))).join("\n")).toContain(fault);
});
