import { expect, it } from "vitest";

import { createTestApp } from "../../../test/app.ts";

type Json = Record<string, unknown>;

async function documentOf({ app }: ReturnType<typeof createTestApp>): Promise<Record<string, Json>> {
  return (await (await app.request("/openapi.json")).json()) as Record<string, Json>;
}

it("describes every route of the app", async () => {
  const test = createTestApp();
  const { paths = {} } = await documentOf(test);
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item as Json).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = test.app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
});

it("begins with how to send a message: that is what a reader of the page looks for", async () => {
  const { paths = {} } = await documentOf(createTestApp());
  expect(Object.keys(paths).find((path) => path.startsWith("/api/"))).toBe("/api/v1/messages/send");
});

it("names each operation once, and refers to nothing that is missing", async () => {
  const document = await documentOf(createTestApp());
  const operations = Object.values(document["paths"] ?? {}).flatMap((item) =>
    Object.values(item as Json).map((operation) => (operation as Json)["operationId"]),
  );
  expect(new Set(operations).size).toBe(operations.length);
  for (const [, reference = ""] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)) {
    const target = reference
      .split("/")
      .slice(1)
      .reduce<unknown>((at, step) => (at as Json | undefined)?.[step], document);
    expect(target, reference).toBeDefined();
  }
});

it("takes the schema of a body from its check", async () => {
  const { components } = await documentOf(createTestApp());
  const schemas = components?.["schemas"] as Record<string, Json> | undefined;
  expect(schemas?.["SendMessage"]).toMatchObject({ discriminator: { propertyName: "message_type" } });
  expect(schemas?.["SendText"]).toMatchObject({
    additionalProperties: false,
    required: ["tenant_id", "outlet_id", "conversation_id", "to", "message_type", "message"],
    properties: {
      message_type: { const: "text" },
      message: { $ref: "#/components/schemas/TextContent" },
      on_ambiguous: { anyOf: [{ enum: ["resend", "verify", "hold"] }, { type: "null" }] },
    },
  });
  expect(schemas?.["TextContent"]).toMatchObject({
    anyOf: [{ maxLength: 4096 }, { properties: { body: { maxLength: 4096 } } }],
  });
  expect(schemas?.["BatchText"]).toMatchObject({
    additionalProperties: false,
    properties: { message: { $ref: "#/components/schemas/TextContent" }, idempotency_key: {} },
  });
});

it("needs a key with the route's scope, unless the server is open", async () => {
  async function securityOf(test: ReturnType<typeof createTestApp>, path: string, method: string) {
    const { paths = {} } = await documentOf(test);
    return (paths[path] as Record<string, Json> | undefined)?.[method]?.["security"];
  }
  const guarded = createTestApp({ access: () => ({ refused: "unauthenticated" }) });
  expect(await securityOf(guarded, "/api/v1/messages/send", "post")).toEqual([{ apiKey: ["send"] }]);
  expect(await securityOf(guarded, "/healthz", "get")).toEqual([]);
  expect(await securityOf(createTestApp(), "/api/v1/messages/send", "post")).toEqual([{}, { apiKey: ["send"] }]);
});
