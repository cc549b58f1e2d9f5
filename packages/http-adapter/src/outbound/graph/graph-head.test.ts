import { Secret } from "@message-sender/core";
import type { Credential } from "@message-sender/core/adapter";
import { expect, test } from "vitest";

import { createGraphHeads, json } from "./graph-head.ts";
import { createGraphRoutes } from "./graph-routes.ts";

const routes = createGraphRoutes({
  url: "https://graph.test",
  version: "v25.0",
  connect: () => ({
    request: () => expect.unreachable(),
    exchange: () => expect.unreachable(),
    close: async () => {},
  }),
});

function credentialOf(token: string, provider?: Credential["provider"]): Credential {
  return { accessToken: new Secret(token), phoneNumberId: "106540352242922", ...(provider && { provider }) };
}

function headsOf() {
  const heads = createGraphHeads();
  return (credential: Credential, edge: "messages" | "marketing_messages" | "media", contentType = json) =>
    heads(credential, routes.routeOf(credential) ?? routes.meta, edge, contentType);
}

const headers = (token: string) => [
  "accept-encoding",
  "identity",
  "authorization",
  `Bearer ${token}`,
  "content-type",
  "application/json",
];

test("the heads of a credential are encoded once for each edge", () => {
  const headOf = headsOf();
  const credential = credentialOf("EAAfirst");
  const path = "/v25.0/106540352242922";
  const messages = headOf(credential, "messages");
  expect(messages).toEqual({ method: "POST", path: `${path}/messages`, headers: headers("EAAfirst") });
  expect(headOf(credential, "marketing_messages")).toMatchObject({ path: `${path}/marketing_messages` });
  expect(headOf(credential, "messages")).toBe(messages);
});

test("another credential has another head, though its number is the same", () => {
  const headOf = headsOf();
  headOf(credentialOf("EAAfirst"), "messages");
  expect(headOf(credentialOf("EAAsecond"), "messages")).toMatchObject({ headers: headers("EAAsecond") });
  const provider = { url: "https://waba.test", messagesPath: "/messages", authHeader: "D360-API-KEY" };
  expect(headOf(credentialOf("EAAthird", provider), "messages")).toMatchObject({
    path: "/messages",
    headers: expect.arrayContaining(["d360-api-key", "EAAthird"]),
  });
});

test("another content type does not change the head of JSON requests", () => {
  const headOf = headsOf();
  const credential = credentialOf("EAAfirst");
  const form = headOf(credential, "messages", "multipart/form-data; boundary=x");
  expect(form).toMatchObject({ headers: expect.arrayContaining(["multipart/form-data; boundary=x"]) });
  expect(headOf(credential, "messages")).toMatchObject({ headers: headers("EAAfirst") });
});
