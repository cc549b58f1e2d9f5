import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { type CellFor, moving, sendBatch } from "./batch.ts";
import type { Cell, Cells } from "./cells-file.ts";
import { findInCells } from "./find-in-cells.ts";
import { forward, problem } from "./forward.ts";
import { fieldsOf, parseJson } from "./json.ts";
import { readTenantOfForm } from "./tenant-of-form.ts";
import { isSigned, signatureOf, splitWebhook } from "./webhooks.ts";

export interface RouterOptions {
  /** Called for each request, so that the cells may change while it runs. */
  readonly cells: () => Cells;
  /** The secret of the Meta app: a webhook for two cells is split, and its parts are signed anew. */
  readonly appSecret: string;
}

const mebibyte = 1024 * 1024;

/** Passes each request of the API to the cell of its tenant, and each webhook to the cells that it concerns. */
export function createRouter({ cells, appSecret }: RouterOptions): Hono {
  /** A request that names no tenant is refused by any cell. While a tenant moves, it can only be read. */
  const cellFor: CellFor = (tenantId) => {
    if (typeof tenantId !== "string") return cells().ofTenant("");
    return cells().isMoving(tenantId) ? undefined : cells().ofTenant(tenantId);
  };

  const small = bodyLimit({ maxSize: 4 * mebibyte });
  const app = new Hono().onError(() => problem(503, "unavailable", "The router failed."));
  app.get("/healthz", (c) => c.json({ status: "ok" }));

  app.post("/webhooks/whatsapp", small, async (c) => {
    const text = await c.req.text();
    const isAuthentic = isSigned(text, c.req.header("x-hub-signature-256"), appSecret);
    if (!isAuthentic) return problem(401, "unauthenticated", "The signature is missing or invalid.");
    const parts = splitWebhook(text, cells());
    // Meta repeats what is not answered with 200, for days.
    if (parts.some(({ tenants }) => tenants.some((tenantId) => cells().isMoving(tenantId)))) return moving();
    const answers = await Promise.all(
      parts.map(({ cell, body }) => forward(c, cell, body, { "x-hub-signature-256": signatureOf(body, appSecret) })),
    );
    return answers.find(({ status }) => status !== 200) ?? answers[0] ?? c.json({});
  });

  app.post("/api/v1/messages/batch", small, async (c) => sendBatch(c, cells(), await c.req.text(), cellFor));
  app.post("/api/v1/media", async (c) => {
    const { tenantId, body } = await readTenantOfForm(c.req.raw.body);
    const cell = cellFor(tenantId);
    return cell ? forward(c, cell, body) : moving();
  });
  for (const path of ["messages/send", "messages/read", "messages/cancel", "messages/resolve", "pauses"]) {
    app.post(`/api/v1/${path}`, small, async (c) => {
      const text = await c.req.text();
      const cell = cellFor(fieldsOf(parseJson(text))["tenant_id"]);
      return cell ? forward(c, cell, text) : moving();
    });
  }

  for (const path of ["messages", "usage", "queue"]) {
    app.get(`/api/v1/${path}`, (c) => {
      const tenantId = c.req.query("tenant_id");
      return tenantId === undefined ? needsTenant() : forward(c, cells().ofTenant(tenantId));
    });
  }
  app.on(["GET", "POST"], "/api/v1/messages/:messageId/:part?", small, async (c) => {
    const text = c.req.method === "POST" ? await c.req.text() : undefined;
    return findInCells(c, cells().all, text);
  });
  app.delete("/api/v1/pauses/:pauseId", (c) => findInCells(c, cells().all));

  // What is the same in each cell.
  for (const path of ["/webhooks/whatsapp", "/openapi.json", "/docs", "/docs/:file"]) {
    app.get(path, (c) => forward(c, cells().all[0] as Cell));
  }
  return app.notFound(() =>
    problem(404, "not-found", "No such resource. What concerns a whole cell is asked of the cell itself."),
  );
}

function needsTenant(): Response {
  return problem(400, "invalid-request", "Give a tenant_id: no list spans cells.");
}
