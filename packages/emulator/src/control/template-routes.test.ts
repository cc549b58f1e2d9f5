import { expect, test } from "vitest";

import { openCalls } from "../../test/call-graph.ts";

test("list templates, and review a template", async () => {
  const { call, control } = openCalls({ templates: [{ name: "seeded", language: "en" }], templateReview: "wait" });
  const components = [{ type: "BODY", text: "Hello!" }];
  const draft = { name: "sale", language: "en", category: "MARKETING", components };
  const { id } = await call("POST 90/message_templates", draft);
  const ask = async (path: string, body?: object) => {
    const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
    const response = await control.request(`/__emulator/templates${path}`, init, {});
    return { status: response.status, body: (await response.json()) as unknown };
  };
  expect((await ask("")).body).toMatchObject({
    templates: [
      { name: "seeded", status: "approved" },
      { id, accountId: "90", name: "sale", status: "pending", components },
    ],
  });
  expect(await ask(`/${id}/review`, { status: "rejected", reason: "PROMOTIONAL" })).toMatchObject({
    status: 200,
    body: { id, status: "rejected", reason: "PROMOTIONAL" },
  });
  expect(await call(`GET ${id}?fields=status`)).toEqual({ id, status: "REJECTED" });
  expect(await ask("/1/review", { status: "approved" })).toMatchObject({ status: 404 });
  expect(await ask(`/${id}/review`, { status: "liked" })).toMatchObject({ status: 400 });
});
