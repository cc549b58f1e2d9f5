import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

test("show this document: every route is in it, with a name of its own", async () => {
  const { call, control } = openControl();
  const { body } = await call("GET", "/openapi.json");
  expect(body).toMatchObject({ openapi: "3.1.0" });
  const described = Object.entries<any>(body.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
  expect(described.toSorted()).toEqual(control.routes.map(({ method, path }) => `${method} ${path}`).toSorted());
  const names = Object.values<any>(body.paths).flatMap((one) =>
    Object.values<any>(one).map(({ operationId }) => operationId),
  );
  expect(new Set(names).size).toBe(names.length);
});

test("every example of the document is taken", async () => {
  const { body: document } = await openControl().call("GET", "/openapi.json");
  for (const [path, operations] of Object.entries<any>(document.paths)) {
    for (const [method, operation] of Object.entries<any>(operations)) {
      const content = operation.requestBody?.content["application/json"];
      if (!content) continue;
      expect(content.examples, path).toBeDefined();
      for (const { value } of Object.values<any>(content.examples)) {
        const filled = path.replace("/__emulator", "").replace(/\{\w+\}/g, "628123456");
        const { body } = await openControl().call(method.toUpperCase(), filled, value);
        expect(body?.title, `${path} ${JSON.stringify(value)}`).not.toBe("Bad request");
      }
    }
  }
});
