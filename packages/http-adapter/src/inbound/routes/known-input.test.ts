import { describe, expect, it } from "vitest";

import { createTestApp } from "../../../test/app.ts";

type Operation = { readonly description: string; readonly requestBody?: object };

const { app } = createTestApp();
const document = (await (await app.request("/openapi.json")).json()) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** Every operation of the API. */
const operations = Object.entries(document.paths)
  .filter(([path]) => path.startsWith("/api/"))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/, "unknown"),
      operation,
    })),
  );

const json = { "content-type": "application/json" };

describe("what a route does not know is refused, and not ignored", () => {
  it.each(operations)("a parameter of the query: $method $path", async ({ method, path }) => {
    const body = method === "POST" ? "{}" : undefined;
    const answer = await app.request(`${path}?unknown=1`, { method, ...(body && { body, headers: json }) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: expect.arrayContaining([{ pointer: "/unknown", detail: "is not a known field" }]),
    });
  });

  const bodiless = operations.filter(({ method, operation }) => method !== "GET" && !operation.requestBody);

  it("some routes that change something take no body", () => {
    expect(bodiless.map(({ path }) => path)).toContain("/api/v1/messages/unknown/cancel");
  });

  it.each(bodiless)("the description says that it takes no body: $method $path", ({ operation }) => {
    expect(operation.description).toContain("It takes no body.");
  });

  it.each(bodiless)("a body: $method $path", async ({ method, path }) => {
    const answer = await app.request(path, { method, body: JSON.stringify({ dry_run: true }), headers: json });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("takes no body") });
  });

  it.each(bodiless)("an empty object or null is no body: $method $path", async ({ method, path }) => {
    for (const body of ["", "{}", "null", " {\r\n} ", " ".repeat(1000)]) {
      expect((await app.request(path, { method, body, headers: json })).status).not.toBe(400);
    }
  });

  it("a body that a framework around the app has read does not count as none", async () => {
    const url = "http://localhost/api/v1/admin/callbacks/discard";
    const request = new Request(url, { method: "POST", body: "{}", headers: json });
    await request.text();
    expect((await app.request(request)).status).toBe(500);
  });
});

describe("parameters that others add", () => {
  it.each(["/healthz", "/readyz", "/openapi.json", "/docs"])("are ignored outside of the API: %s", async (path) => {
    expect((await app.request(`${path}?unknown=1`)).status).toBe(200);
  });
});
