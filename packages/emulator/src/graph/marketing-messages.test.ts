import { expect, test } from "vitest";

import { openGraph, text } from "../../test/graph-client.ts";

const path = "/v25.0/123/marketing_messages";
const templates = [
  { name: "promo", language: "en_US", category: "marketing" },
  { name: "order", language: "en_US" },
] as const;
const template = (name: string) => ({
  ...text,
  text: undefined,
  type: "template",
  template: { name, language: { code: "en_US" } },
});

test("send marketing messages: a template for marketing is accepted as on the Cloud API", async () => {
  const { post, graph } = openGraph({ templates });
  const { status, body } = await post(template("promo"), { path });
  expect([status, body.messages[0].message_status]).toEqual([200, "accepted"]);
  expect(graph.accepted.entries()).toMatchObject([{ via: "marketing", type: "template", wamid: body.messages[0].id }]);
});

test("any template is accepted where none is seeded", async () => {
  const { post, graph } = openGraph();
  expect((await post(template("order"), { path })).status).toBe(200);
  expect((await post(template("order"))).status).toBe(200);
  expect(graph.accepted.entries().map(({ via }) => via)).toEqual(["marketing", undefined]);
});

test.each([
  ["a text", 131055, text],
  ["a template of another category", 134100, template("order")],
  ["an unknown template", 132001, template("none")],
])("%s is refused with %d", async (_, code, body) => {
  const { post, graph } = openGraph({ templates });
  expect((await post(body, { path })).body.error.code).toBe(code);
  expect(graph.accepted.entries()).toEqual([]);
});

test("a token is needed", async () => {
  expect((await openGraph().post(template("promo"), { path, token: "" })).body.error.code).toBe(190);
});
