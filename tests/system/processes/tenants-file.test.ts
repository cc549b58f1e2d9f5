import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { bytes, mediaForm } from "../../support/media-form.ts";
import { order, outlet, tenant } from "../../support/running-service.ts";
import { serveHere } from "../../support/serve-here.ts";
import { exitOf, post, serve } from "../../support/serve-process.ts";

const tenants = {
  [tenant]: {
    quota: { limit: 3, period: "none" },
    outlets: { [outlet]: { waba_access_token: "EAAfileToken", phone_number_id: "106540352242922" } },
  },
};

async function fileWith(content: object) {
  const sandbox = await startSandbox();
  const folder = await mkdtemp(join(tmpdir(), "message-sender-tenants-"));
  onTestFinished(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const file = join(folder, "tenants.json");
  await writeFile(file, JSON.stringify({ tenants: content }), { mode: 0o600 });
  return { sandbox, folder, file };
}

it.each(["SIGTERM", "SIGKILL"] as const)("a quota of the tenants file keeps its count after a %s", async (signal) => {
  const { sandbox, folder, file } = await fileWith(tenants);
  const start = () =>
    serve([], {
      DATABASE_URL: `sqlite:${join(folder, "store.db")}`,
      GRAPH_API_URL: sandbox.graphUrl,
      TENANTS_FILE: file,
    });

  const first = await start();
  const sent = [await post(first.url), await post(first.url)];
  expect(sent.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  first.child.kill(signal);
  await exitOf(first.child);
  expect(first.printed()).not.toContain("counted in memory");

  const second = await start();
  await expect.poll(async () => (await post(second.url)).statusCode).toBe(200);
  expect((await post(second.url)).statusCode).toBe(429);
  expect(sandbox.graph.messages).toHaveLength(3);
});

it("ids that are not UUIDs work unchanged on every route", async () => {
  const ids = { tenant_id: "Toko_1", outlet_id: "~Outlet.A" };
  const { quota, outlets } = tenants[tenant];
  const { sandbox, file } = await fileWith({ Toko_1: { quota, outlets: { "~Outlet.A": outlets[outlet] } } });
  const { url } = await serveHere({ GRAPH_API_URL: sandbox.graphUrl, TENANTS_FILE: file });
  const json = async (path: string, body?: object) => {
    const headers = { "content-type": "application/json" };
    const options = body ? ({ method: "POST", body: JSON.stringify(body), headers } as const) : {};
    const answer = await request(`${url}${path}`, options);
    return [answer.statusCode, (await answer.body.json()) as Record<string, unknown>] as const;
  };

  const [status, sent] = await json("/api/v1/messages/send", { ...order, ...ids, conversation_id: "c-1" });
  expect(status).toBe(200);
  const path = `/api/v1/messages/${String(sent["message_id"])}`;
  expect((await json(`${path}/status`))[0]).toBe(200);
  expect((await json(path))[1]).toMatchObject({ ...ids, conversation_id: "c-1" });
  expect((await json("/api/v1/messages/read", { ...ids, whatsapp_message_id: "wamid.A" }))[0]).toBe(200);
  const { body, headers } = mediaForm(bytes(1000), ids);
  const upload = { method: "POST", body: Readable.from(body), headers } as const;
  expect((await request(`${url}/api/v1/media`, upload)).statusCode).toBe(200);
  expect((await json("/api/v1/messages/send", { ...order, ...ids, tenant_id: "toko_1" }))[0]).toBe(404);
});

it("a new token in the file ends a remembered refusal at once; until then WhatsApp is not called", async () => {
  const { sandbox, file } = await fileWith(tenants);
  const { url, printed } = await serveHere({ GRAPH_API_URL: sandbox.graphUrl, TENANTS_FILE: file });
  const fault = sandbox.faults.add({ target: "graph", effect: { graphError: 190 } });
  expect((await post(url)).statusCode).toBe(502);
  fault.remove();
  const asked = sandbox.graph.requestCount;

  const answer = await post(url);
  expect(answer.statusCode).toBe(502);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(30);
  expect(await answer.body.json()).toMatchObject({
    type: "/problems/credentials-rejected",
    detail: expect.stringMatching(/ not tried again for \d+ s\. Nothing was sent\.$/),
  });
  expect(sandbox.graph.requestCount).toBe(asked);

  const changed = JSON.stringify({ tenants }).replace("EAAfileToken", "EAAfileToken2");
  await writeFile(file, changed);
  expect((await post(url)).statusCode).toBe(200);
  await expect.poll(printed).toContain('"msg":"tenants file reloaded"');
});
