import { describe, expect, it } from "vitest";

import { contentJsonSchemas, messageTypes } from "./index.ts";

const schemas = contentJsonSchemas();

describe("the JSON schemas of contents", () => {
  it("exist for every message type", () => {
    expect(Object.keys(schemas)).toEqual(messageTypes);
  });

  it("have the limits of texts, which no check can show", () => {
    expect(schemas.text).toMatchObject({ properties: { body: { type: "string", minLength: 1, maxLength: 4096 } } });
    expect(schemas.image).toMatchObject({ properties: { caption: { maxLength: 1024 } } });
  });

  it("show each kind of an open union, and leave room for newer ones", () => {
    const kinds = schemas.interactive["anyOf"] as readonly { readonly title: string }[];
    expect(kinds.map(({ title }) => title)).toEqual([
      "button",
      "list",
      "cta_url",
      "flow",
      "product",
      "product_list",
      "catalog_message",
      "location_request_message",
      "carousel",
      "another kind",
    ]);
    expect(kinds[0]).toMatchObject({ properties: { type: { const: "button" } }, required: ["type", "body", "action"] });
  });

  it("leave out a kind that is not allowed in its place", () => {
    const text = JSON.stringify((schemas.interactive["anyOf"] as readonly object[])[1]);
    const headers = [...text.matchAll(/"title":"(\w+)"/g)].map(([, title]) => title);
    expect(headers).toContain("text");
    expect(headers).not.toContain("video");
  });
});
