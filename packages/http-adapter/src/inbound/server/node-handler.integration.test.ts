import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import { getRequestListener } from "@hono/node-server";
import { Hono, type HonoRequest } from "hono";
import { describe, expect, it, onTestFinished } from "vitest";

import { appSecrets, createTestApp, order } from "../../../test/app.ts";
import { type NodeHandler, toNodeHandler } from "./node-handler.ts";

/** A server of the user's own, with the API and the webhooks under `base`. */
async function serve(listener: RequestListener, base = "/whatsapp") {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`;

  async function post(path: string, body: string | FormData, headers: Record<string, string> = {}) {
    const answer = await fetch(url + path, { method: "POST", body, headers });
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Record<string, unknown> };
  }
  const asJson = { "content-type": "application/json" };
  return {
    url,
    send: (headers: Record<string, string> = {}) =>
      post("/api/v1/messages/send", JSON.stringify(order), { ...asJson, ...headers }),
    deliver(length = 10) {
      const body = JSON.stringify({ object: "whatsapp_business_account", pad: "x".repeat(length) });
      const digest = createHmac("sha256", appSecrets[0] ?? "")
        .update(body)
        .digest("hex");
      return post("/webhooks/whatsapp", body, { ...asJson, "x-hub-signature-256": `sha256=${digest}` });
    },
    upload() {
      const form = new FormData();
      form.append("tenant_id", order.tenant_id);
      form.append("outlet_id", order.outlet_id);
      form.append("file", new File(["%PDF-1.7"], "a.pdf", { type: "application/pdf" }));
      return post("/api/v1/media", form);
    },
  };
}

type Served = Awaited<ReturnType<typeof serve>>;

async function expectToWork({ send, deliver, upload }: Served): Promise<void> {
  expect(await send()).toMatchObject({ status: 200, json: { status: "sent" } });
  expect(await deliver(2_000_000)).toMatchObject({ status: 200 });
  expect(await upload()).toMatchObject({ status: 200, json: { size: 8 } });
}

async function expectToExplain({ send, deliver, upload }: Served): Promise<void> {
  for (const request of [send, deliver, upload]) {
    expect(await request()).toMatchObject({
      status: 500,
      json: { detail: expect.stringMatching(/^A body parser consumed .* Mount Message Sender before any body parser/) },
    });
  }
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await incoming.toArray());
}

describe("an app under a base path of a Node server", () => {
  it("works, and does not modify globals", async () => {
    const before = [globalThis.Request, globalThis.Response];
    await expectToWork(await serve(toNodeHandler(createTestApp().app, { basePath: "/whatsapp/" })));
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });

  it("refuses a base path under which no URL is", () => {
    const { app } = createTestApp();
    for (const basePath of ["whatsapp", "https://crm.example.com/whatsapp"]) {
      expect(() => toNodeHandler(app, { basePath })).toThrow(/^basePath must begin with a slash/);
    }
  });

  it("answers 500, and not that the request is malformed, when an app around it throws", async () => {
    const outer = new Hono().all("*", () => {
      // oxlint-disable-next-line typescript/only-throw-error
      throw undefined;
    });
    const { send } = await serve(toNodeHandler(outer), "");
    expect(await send()).toMatchObject({ status: 500, json: { detail: "An unexpected error occurred." } });
  });

  it("is not reachable elsewhere", async () => {
    const { url } = await serve(toNodeHandler(createTestApp().app, { basePath: "/whatsapp" }), "");
    for (const path of ["/healthz", "/whatsappx/healthz", "/whatsapp", "//whatsapp/healthz"]) {
      const answer = await fetch(url + path);
      expect([path, answer.status, await answer.json()]).toMatchObject([path, 404, { type: "/problems/not-found" }]);
    }
    expect((await fetch(`${url}/whatsapp/healthz?a=b`)).status).toBe(200);
  });

  it.each([
    ["by toNodeHandler", (app) => toNodeHandler(app, { basePath: "/whatsapp" })],
    [
      "by Express",
      (app) => {
        const handle = toNodeHandler(app);
        return (incoming, outgoing) => {
          const { url = "" } = incoming;
          return handle(Object.assign(incoming, { originalUrl: url, url: url.replace("/whatsapp", "") }), outgoing);
        };
      },
    ],
    ["by Hono's route", (app) => toNodeHandler(new Hono().route("/whatsapp", app))],
    ["by Hono's mount", (app) => toNodeHandler(new Hono().mount("/whatsapp", app.fetch))],
  ] as [string, (app: ReturnType<typeof createTestApp>["app"]) => NodeHandler][])(
    "%s puts the base path into its Location headers",
    async (_, mount) => {
      const { app, sender } = createTestApp();
      const { tenant_id, outlet_id, conversation_id, to } = order;
      const content = { type: "text", text: { body: order.message } } as const;
      const idempotency = { key: "order-17", body: order };
      const outlet = { tenantId: tenant_id, outletId: outlet_id, conversationId: conversation_id };
      const { message } = (await sender.enqueue({ ...outlet, to, content, idempotency }))._unsafeUnwrap();
      const served = await serve(mount(app));
      const { status, headers } = await served.send({ "idempotency-key": "order-17" });
      expect([status, headers.get("location")]).toEqual([202, `/whatsapp/api/v1/messages/${message.id}/status`]);
      await expectToWork(served);
    },
  );
});

describe("a body that another handler has read", () => {
  type Read = (incoming: IncomingMessage & { body?: unknown; rawBody?: unknown }) => unknown;
  const serveBehind = (read: Read) => {
    const { app, lines } = createTestApp();
    const handle = toNodeHandler(app, { basePath: "/whatsapp" });
    const served = serve(async (incoming, outgoing) => {
      await read(incoming);
      await handle(incoming, outgoing);
    });
    return served.then((server) => ({ server, lines }));
  };

  it.each<[string, Read]>([
    ["the bytes in body", async (incoming) => (incoming.body = await bytesOf(incoming))],
    [
      "the bytes in rawBody",
      async (incoming) => {
        incoming.rawBody = await bytesOf(incoming);
        incoming.body = {};
      },
    ],
    ["it unread", () => new Promise((resolve) => setTimeout(resolve, 50))],
  ])("and left %s is used", async (_, read) => {
    await expectToWork((await serveBehind(read)).server);
  });

  it.each<[string, Read]>([
    ["and left parsed", async (incoming) => (incoming.body = { parsed: String(await bytesOf(incoming)) })],
    ["and left as a text", async (incoming) => (incoming.body = String(await bytesOf(incoming)))],
    ["and dropped", bytesOf],
    ["as a text from now on", (incoming) => incoming.setEncoding("utf8")],
  ])("%s gets 500, with an explanation", async (_, read) => {
    const { server, lines } = await serveBehind(read);
    await expectToExplain(server);
    const errors = lines.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message)).toEqual(Array(3).fill(expect.stringMatching(/^A body parser/)));
  });

  type ReadByHono = (c: { req: HonoRequest }) => Promise<unknown>;
  const serveBehindHono = (read: ReadByHono) => {
    const host = new Hono().use(async (c, next) => {
      await read(c);
      await next();
    });
    host.route("/whatsapp", createTestApp().app);
    return serve(getRequestListener(host.fetch, { overrideGlobalObjects: false }));
  };

  it.each<[string, ReadByHono]>([
    ["text", (c) => c.req.text()],
    ["arrayBuffer", (c) => c.req.arrayBuffer()],
    ["blob", (c) => c.req.blob()],
    ["json", (c) => c.req.json().catch(() => undefined)],
  ])("with Hono's own %s() is taken from Hono's cache", async (_, read) => {
    await expectToWork(await serveBehindHono(read));
  });

  it("from Hono's raw request gets 500, with an explanation", async () => {
    await expectToExplain(await serveBehindHono((c) => c.req.raw.text()));
  });
});
