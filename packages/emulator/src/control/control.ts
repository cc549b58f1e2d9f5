import { Hono } from "hono";
import { z } from "zod";

import type { CallbackEvent } from "../callback-receiver/callback-receiver.ts";
import { coverage } from "../coverage/coverage.ts";
import { faultSchema } from "../faults/fault-schema.ts";
import type { FaultHandle } from "../faults/fault.ts";
import type { Faults } from "../faults/faults.ts";
import type { Env } from "../http/answer.ts";
import type { RecordedRequest } from "../http/request-record.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import { type GraphControlDeps, mountGraphControl } from "./graph-control.ts";
import { mountWebhookControl } from "./webhook-control.ts";

interface ControlDeps extends GraphControlDeps {
  readonly urls: () => Readonly<Record<string, string>>;
  readonly requests: () => Readonly<Record<string, readonly RecordedRequest[]>>;
  readonly faults: Faults;
  readonly tenants: () => Tenants;
  readonly callbacks: () => readonly CallbackEvent[];
  readonly reset: () => void;
}

export const controlPath = "/__emulator";

const limitSchema = z.strictObject({ limit: z.int().min(0) });

/** The sandbox's handle over HTTP. It is served by each of the services. */
export function createControl(deps: ControlDeps): Hono<Env> {
  const { urls, requests, faults, webhooks, tenants, callbacks, reset } = deps;
  const app = new Hono<Env>({ strict: false });

  app.get(controlPath, (c) =>
    c.json({ services: urls(), control: app.routes.map(({ method, path }) => `${method} ${path}`), coverage }),
  );

  app.get(`${controlPath}/requests`, (c) => {
    const logs = Object.entries(requests()).map(([service, log]) => [service, log.map(withMaskedTokens)]);
    return c.json(Object.fromEntries(logs));
  });

  app.get(`${controlPath}/callbacks`, (c) => c.json({ events: callbacks() }));
  app.get(`${controlPath}/faults`, (c) => c.json({ faults: faults.list().map(withoutRemove) }));

  app.post(`${controlPath}/faults`, async (c) => {
    const input = faultSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!input.success) return c.json({ title: "Bad request", detail: z.prettifyError(input.error) }, 400);
    return c.json(withoutRemove(faults.add(input.data)), 201);
  });

  app.delete(`${controlPath}/faults`, (c) => {
    faults.clear();
    return c.body(null, 204);
  });

  app.delete(`${controlPath}/faults/:id`, (c) => {
    const fault = faults.list().find(({ id }) => id === c.req.param("id"));
    fault?.remove();
    return fault ? c.body(null, 204) : c.json({ title: "Unknown fault" }, 404);
  });

  mountWebhookControl(app, `${controlPath}/webhooks`, webhooks);
  mountGraphControl(app, controlPath, deps);

  app.post(`${controlPath}/reset`, (c) => {
    reset();
    return c.body(null, 204);
  });

  app.put(`${controlPath}/quota/:tenantId`, async (c) => {
    const input = limitSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!input.success) return c.json({ title: "Bad request", detail: z.prettifyError(input.error) }, 400);
    const quota = tenants().ensureQuota(c.req.param("tenantId"));
    quota.setLimit(input.data.limit);
    return c.json(quota.state());
  });

  return app;
}

function withoutRemove({ remove: _, ...fault }: FaultHandle) {
  return fault;
}

function withMaskedTokens(record: RecordedRequest) {
  const { authorization, ...headers } = record.headers;
  const token = "accessToken" in record ? { accessToken: mask(String(record.accessToken)) } : {};
  if (typeof authorization !== "string") return { ...record, ...token };
  const [scheme = "", value = ""] = authorization.split(" ");
  return { ...record, ...token, headers: { ...headers, authorization: `${scheme} ${mask(value)}` } };
}

function mask(token: string): string {
  return `${token.slice(0, 4)}…`;
}
