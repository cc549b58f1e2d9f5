import { request } from "undici";
import { describe, expect, it } from "vitest";

import { apiKeysFile, newKey } from "../../support/api-keys.ts";
import { order, startService } from "../../support/running-service.ts";

type Scope = "send" | "read" | "admin" | "metrics" | "console";

interface About {
  readonly tenant: string;
  readonly messageId: string;
}

interface Sent {
  /** Default: that of the operation. */
  readonly path?: string;
  readonly body?: string;
  readonly type?: string;
}

const outletOf = (tenant: string) => `${tenant}-outlet`;
const outlets = (tenant: string, number: string) => ({
  outlets: { [outletOf(tenant)]: { waba_access_token: `EAA${tenant}`, phone_number_id: number } },
});
const orderOf = (tenant: string) => ({ ...order, tenant_id: tenant, outlet_id: outletOf(tenant) });

const form = (tenant: string) =>
  [
    `Content-Disposition: form-data; name="tenant_id"\r\n\r\n${tenant}`,
    `Content-Disposition: form-data; name="outlet_id"\r\n\r\n${outletOf(tenant)}`,
    'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7',
  ]
    .map((part) => `--x\r\n${part}\r\n`)
    .join("") + "--x--\r\n";

/** It has an answer for each message. */
const batch = "POST /api/v1/messages/batch";

/** Requests that name a tenant, or what belongs to one. */
const aboutATenant: Readonly<Record<string, (about: About) => Sent>> = {
  "POST /api/v1/messages/send": ({ tenant }) => ({ body: JSON.stringify(orderOf(tenant)) }),
  [batch]: ({ tenant }) => ({ body: JSON.stringify({ messages: [orderOf(tenant)] }) }),
  "POST /api/v1/messages/read": ({ tenant }) => ({
    body: JSON.stringify({ tenant_id: tenant, outlet_id: outletOf(tenant), whatsapp_message_id: "wamid.x" }),
  }),
  "POST /api/v1/media": ({ tenant }) => ({ body: form(tenant), type: "multipart/form-data; boundary=x" }),
  "GET /api/v1/messages": ({ tenant }) => ({ path: `/api/v1/messages?tenant_id=${tenant}` }),
  "GET /api/v1/messages/{messageId}": ({ messageId }) => ({ path: `/api/v1/messages/${messageId}` }),
  "GET /api/v1/messages/{messageId}/status": ({ messageId }) => ({ path: `/api/v1/messages/${messageId}/status` }),
  "POST /api/v1/messages/{messageId}/resolve": ({ messageId }) => ({
    path: `/api/v1/messages/${messageId}/resolve`,
    body: JSON.stringify({ action: "abandon" }),
  }),
  "POST /api/v1/messages/resolve": ({ tenant }) => ({
    body: JSON.stringify({ tenant_id: tenant, action: "abandon" }),
  }),
  "POST /api/v1/messages/{messageId}/cancel": ({ messageId }) => ({ path: `/api/v1/messages/${messageId}/cancel` }),
  "POST /api/v1/messages/cancel": ({ tenant }) => ({ body: JSON.stringify({ tenant_id: tenant }) }),
  "GET /api/v1/queue": ({ tenant }) => ({ path: `/api/v1/queue?tenant_id=${tenant}` }),
  "POST /api/v1/pauses": ({ tenant }) => ({ body: JSON.stringify({ tenant_id: tenant, reason: "x" }) }),
  "GET /api/v1/usage": ({ tenant }) => ({ path: `/api/v1/usage?tenant_id=${tenant}` }),
};

/** What concerns every tenant, and needs a key of all. */
const aboutAll = [
  "POST /api/v1/admin/backup",
  "POST /api/v1/admin/callbacks/discard",
  "POST /api/v1/admin/callbacks/replay",
  "POST /api/v1/admin/history/replay",
  "GET /api/v1/webhooks",
  "POST /api/v1/webhooks/forward",
];

/** What a key of one tenant does to this tenant alone. */
const erase = "POST /api/v1/admin/erase";

/** What it sees and ends of pauses is its own: `inbound/pauses/pauses.test.ts`. */
const pauses = ["GET /api/v1/pauses", "DELETE /api/v1/pauses/{pauseId}"];

const open = ["GET /docs", "GET /docs/{file}", "GET /healthz", "GET /openapi.json", "GET /readyz"];
const signed = ["GET /webhooks/whatsapp", "POST /webhooks/whatsapp"];

const allScopes: readonly Scope[] = ["send", "read", "admin", "metrics", "console"];

/** A server with two tenants, each of which has a message to the same person, and its keys. */
async function startGuarded() {
  const path = await apiKeysFile();
  const { bearer: all } = await newKey(path);
  const { bearer: ours } = await newKey(path, { tenants: ["ours", "ghosts"] });
  const { bearer: unscoped } = await newKey(path, { scopes: ["console"] });
  const service = await startService({
    sandbox: { tenants: { ours: outlets("ours", "1001"), theirs: outlets("theirs", "1002") } },
    environment: { API_KEYS_FILE: path },
  });
  const call = async (operation: string, sent: Sent, headers: Record<string, string>) => {
    const [method = "", template = ""] = operation.split(" ");
    const answer = await request(`${service.url}${sent.path ?? template.replace(/\{\w+\}/, "some-message")}`, {
      method: method as "GET" | "POST" | "DELETE",
      headers: {
        "x-request-id": "the-same",
        ...(sent.body !== undefined && { "content-type": sent.type ?? "application/json" }),
        ...headers,
      },
      ...(sent.body !== undefined && { body: sent.body }),
    });
    const { traceparent: _, date: __, ratelimit: ___, ...same } = answer.headers;
    return { status: answer.statusCode, headers: same, text: await answer.body.text() };
  };
  const send = async (tenant: string) => {
    const { body, status } = await service.send(orderOf(tenant), all);
    expect(status).toBe(200);
    return String(body["message_id"]);
  };
  const { paths } = (await service.get("/openapi.json")).body as { paths: Record<string, Record<string, Operation>> };
  const operations = new Map(
    Object.entries(paths).flatMap(([template, item]) =>
      Object.entries(item).map(([method, { security }]) => [`${method.toUpperCase()} ${template}`, security] as const),
    ),
  );
  return { call, operations, keys: { all, ours, unscoped }, ours: await send("ours"), theirs: await send("theirs") };
}

interface Operation {
  readonly security: readonly { readonly apiKey?: readonly Scope[] }[];
}

describe("every operation of the document", () => {
  it("is known to these tests: open, signed, about a tenant, or about all of them", async () => {
    const { operations } = await startGuarded();
    const known = [...open, ...signed, ...Object.keys(aboutATenant), ...aboutAll, ...pauses, erase];
    expect([...operations.keys()].filter((operation) => operation !== "GET /metrics").toSorted()).toEqual(
      known.toSorted(),
    );
    const unguarded = [...operations].filter(([, security]) => security.length === 0).map(([operation]) => operation);
    expect(unguarded.toSorted()).toEqual([...open, ...signed].toSorted());
  });

  it("is refused without a key, and with a key that has every scope but the one that it needs", async () => {
    const { call, operations, keys } = await startGuarded();
    const guarded = [...operations].filter(([, security]) => security.length > 0);
    expect(guarded.length).toBeGreaterThan(14);
    for (const [operation, [security]] of guarded) {
      const [scope = "console"] = security?.apiKey ?? [];
      expect(allScopes, operation).toContain(scope);
      const without = await call(operation, {}, {});
      expect([without.status, without.text], operation).toEqual([401, expect.stringContaining("unauthenticated")]);
      const forbidden = await call(operation, {}, keys.unscoped);
      expect([forbidden.status, forbidden.text], operation).toEqual([403, expect.stringContaining(`scope ${scope}.`)]);
    }
  });
});

describe("a key of one tenant", () => {
  it("gets the same answer about what belongs to another tenant and about what does not exist", async () => {
    const { call, keys, theirs } = await startGuarded();
    const unknown = theirs.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    for (const [operation, make] of Object.entries(aboutATenant)) {
      const foreign = await call(operation, make({ tenant: "theirs", messageId: theirs }), keys.ours);
      const honest = await call(operation, make({ tenant: "ghosts", messageId: unknown }), keys.ours);
      // A list of a tenant that the key may see and that has no message is empty: unlike one that it may not see.
      if (honest.status < 300 && operation !== batch) {
        const nobody = await call(operation, make({ tenant: "nobody", messageId: unknown }), keys.ours);
        expect([foreign.status, foreign], operation).toEqual([404, nobody]);
      } else expect([foreign.status, foreign], operation).toEqual([operation === batch ? 202 : 404, honest]);
      expect(foreign.text, operation).toContain("/problems/not-found");
      const right = await call(operation, make({ tenant: "theirs", messageId: theirs }), keys.all);
      expect(right.text, operation).not.toContain("/problems/not-found");
    }
  });

  it("may not use what concerns all tenants", async () => {
    const { call, keys } = await startGuarded();
    for (const operation of aboutAll) {
      const { status, text } = await call(operation, {}, keys.ours);
      expect([status, text], operation).toEqual([403, expect.stringContaining("/problems/forbidden")]);
    }
  });

  it("erases a person from the messages of this tenant alone", async () => {
    const { call, keys, ours, theirs } = await startGuarded();
    const erased = await call(erase, { body: JSON.stringify({ to: order.to }) }, keys.ours);
    expect(JSON.parse(erased.text)).toMatchObject({ messages: 1, recipients: 0, webhooks: 0 });
    const recipientOf = async (messageId: string) => {
      const { text } = await call(`GET /api/v1/messages/${messageId}`, {}, keys.all);
      return (JSON.parse(text) as { to: string }).to;
    };
    expect([await recipientOf(ours), await recipientOf(theirs)]).toEqual(["erased", order.to]);
  });
});
