import { expect, it } from "vitest";

import { createTestApp } from "../../../test/app.ts";
import type { AppPart } from "../access/app-parts.ts";
import { restrictApp } from "./restrict-app.ts";

const paths = {
  api: ["/healthz", "/api/v1/messages/none", "/webhooks/whatsapp", "/metricsx", "/docsx", "/"],
  docs: ["/openapi.json", "/docs", "/docs/none.js"],
  metrics: ["/metrics", "/%6detrics"],
} as const;

/** Whether the app answers as it does without a restriction. Elsewhere it must say that there is nothing. */
async function serves(parts: readonly AppPart[], path: string): Promise<boolean> {
  const { app } = createTestApp();
  const ask = async (asked: typeof app | ReturnType<typeof restrictApp>) => {
    const answer = await asked.fetch(
      new Request(`http://localhost${path}`, { headers: { "x-request-id": "same" } }),
      {},
    );
    return { status: answer.status, body: (await answer.text()).slice(0, 200) };
  };
  const [whole, restricted] = [await ask(app), await ask(restrictApp(app, parts))];
  if (whole.status === restricted.status && whole.body === restricted.body) return true;
  expect(restricted).toMatchObject({ status: 404, body: expect.stringContaining("No such resource.") });
  return false;
}

it.each(["api", "docs"] as const)("%s alone serves its own paths", async (part) => {
  for (const path of paths[part]) expect(await serves([part], path), path).toBe(true);
  for (const [other, others] of Object.entries(paths)) {
    if (other === part) continue;
    for (const path of others) {
      const exists = (await createTestApp().app.request(path)).status !== 404;
      if (exists) expect(await serves([part], path), path).toBe(false);
    }
  }
});

it("parts can share a listener", async () => {
  expect(await serves(["api", "docs"], "/openapi.json")).toBe(true);
  expect(await serves(["metrics", "api"], "/openapi.json")).toBe(false);
});
