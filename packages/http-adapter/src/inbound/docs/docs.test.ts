import { gunzipSync } from "node:zlib";

import { expect, it } from "vitest";

import { createTestApp } from "../../../test/app.ts";
import { restrictApp } from "../index.ts";

it("is open without a key, and names no other host", async () => {
  const { app } = createTestApp({ access: () => ({ refused: "unauthenticated" }) });
  const answer = await app.request("/docs");
  const html = await answer.text();
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src [^;]*unsafe-inline/);
  expect((await app.request("/openapi.json")).status).toBe(200);
});

it("has all scripts that it names", async () => {
  const { app } = createTestApp();
  const html = await (await app.request("/docs")).text();
  const scripts = [...html.matchAll(/src="([^"]+)"/g)].map(([, path = ""]) => path);
  expect(scripts).toEqual(["docs/scalar.js", "docs/start.js"]);
  for (const path of scripts) {
    const answer = await app.request(`/${path}`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
  }
  expect((await app.request("/docs/other.js")).status).toBe(404);
});

it("compresses Scalar's script for a client that reads gzip, and keeps its licence", async () => {
  const { app } = createTestApp();
  const plain = await (await app.request("/docs/scalar.js")).text();
  const answer = await app.request("/docs/scalar.js", { headers: { "accept-encoding": "gzip, deflate" } });
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  expect(gunzipSync(new Uint8Array(await answer.arrayBuffer())).toString() === plain).toBe(true);
  expect(plain.slice(0, 1000)).toMatch(
    /^\/\*! https:\/\/github\.com\/scalar\/scalar\n[^*]*Permission is hereby granted/,
  );
});

it("starts Scalar without what calls other hosts", async () => {
  const { app } = createTestApp();
  const script = await (await app.request("/docs/start.js")).text();
  const [, given = ""] = /\.\.\.(\{[^}]*\}[^}]*\}[^}]*\})/.exec(script) ?? [];
  expect(JSON.parse(given)).toMatchObject({
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    agent: { disabled: true },
    hideTestRequestButton: false,
  });
});

it("makes no requests where the API is on another port, and leaves open where that is", async () => {
  const { app } = createTestApp();
  const alone = { servedParts: new Set(["docs"]) };
  const script = await (await app.request("/docs/start.js", {}, alone)).text();
  expect(script).toContain('"hideTestRequestButton":true');
  const document = (await (await app.request("/openapi.json", {}, alone)).json()) as Record<string, unknown>;
  expect(document["servers"]).toMatchObject([{ url: "{server}" }]);
  const own = (await (await app.request("/openapi.json")).json()) as Record<string, unknown>;
  expect(own["servers"]).toEqual([{ url: "/" }]);
});

it.each([
  ["http://10.0.0.5:3000", "http://10.0.0.5:3000"],
  ["https://api.example/whatsapp/", "https://api.example/whatsapp"],
  ["http://0.0.0.0:3000", "http://docs.example:3000"],
  ["http://[::]:3000", "http://docs.example:3000"],
  ["http://[::1]:3000", "http://[::1]:3000"],
])("the document of a listener that knows that the API is at %s names %s", async (apiUrl, expected) => {
  const { app } = createTestApp();
  const restricted = restrictApp(app, ["docs"], { apiUrl });
  const answer = await restricted.fetch(new Request("http://docs.example:8080/openapi.json"));
  expect(await answer.json()).toMatchObject({ openapi: "3.1.0", servers: [{ url: expected }] });
});
