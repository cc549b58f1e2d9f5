import { IncomingMessage } from "node:http";
import { Socket } from "node:net";

import { expect, it } from "vitest";

import { plainRequests } from "./plain-request.ts";

const isPlain = plainRequests((host) => host !== "evil.example", { apiKeys: "ignored", largestBody: 100 });

function requestWith(headers: Readonly<Record<string, string>>): IncomingMessage {
  const given = { host: "localhost", "content-type": "application/json", "content-length": "100", ...headers };
  const rawHeaders = Object.entries(given).flat();
  return Object.assign(new IncomingMessage(new Socket()), { httpVersion: "1.1", headers: given, rawHeaders });
}

it.each([
  ["a body of the largest length", {}, true],
  ["a longer body", { "content-length": "101" }, false],
  ["an empty body", { "content-length": "0" }, false],
  ["a length that is none", { "content-length": "1e1x" }, false],
  ["a known host", { host: "crm.example:8443" }, true],
  ["a foreign host", { host: "evil.example" }, false],
  ["a host in another spelling", { host: "127.1" }, false],
])("says whether a request is plain: %s", (_, headers, expected) => {
  // What was said about the request before does not matter.
  expect(isPlain(requestWith({}))).toBe(true);
  expect(isPlain(requestWith(headers))).toBe(expected);
});
