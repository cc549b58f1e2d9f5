import { Readable } from "node:stream";

import { request } from "undici";
import { expect, it } from "vitest";

import { bytes, mediaForm } from "../../support/media-form.ts";
import { order, outlet, startService, tenant, until } from "../../support/running-service.ts";

const canary = "EAAcanary0123456789abcdefghijklmnop";
const serviceToken = "canary-service-token-0123456789";
const half = canary.length / 2;

/** The forms in which an answer can repeat a secret. */
const spellings: Readonly<Record<string, (secret: string) => string>> = {
  "in clear": (secret) => secret,
  "in base64": (secret) => Buffer.from(`Bearer ${secret}`).toString("base64"),
  "in base64url": (secret) => Buffer.from(`"${secret}"`).toString("base64url"),
  "in hexadecimal": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  "percent-encoded": (secret) => secret.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  "over lines": (secret) => secret.replace(/.{9}/g, "$&\n"),
};

it("shows no access token in a log, an error or an answer", async () => {
  const { send, post, get, url, sandbox, log, close } = await startService({
    environment: { SERVICE_TOKEN: serviceToken, RETRY_SCHEDULE_MS: "0,10", ATTEMPT_TIMEOUT_MS: "200" },
    sandbox: {
      serviceToken,
      tenants: {
        [tenant]: {
          quota: { limit: 100 },
          outlets: { [outlet]: { waba_access_token: canary, phone_number_id: "106540352242922" } },
        },
      },
    },
  });
  const effects = [
    { graphError: 190, details: `the token ${canary} has expired` },
    { graphError: 100, details: `bad Authorization: Bearer ${canary}` },
    { graphError: 131016, details: canary },
    { status: 500, body: `<html>${canary}</html>` },
    { status: 302, headers: { location: `https://example.com/?token=${canary}` } },
    { status: 401, body: canary },
    { hang: true },
    { reset: "before" },
    { acceptThenLose: "reset" },
    { truncate: true },
    { html: true },
  ] as const;
  const seen: unknown[] = [];
  for (const effect of effects) {
    const fault = sandbox.faults.add({ target: "graph", effect });
    const answer = await send();
    seen.push(answer);
    const id = answer.body["message_id"];
    if (typeof id === "string")
      seen.push(await get(`/api/v1/messages/${id}`), await get(`/api/v1/messages/${id}/status`));
    fault.remove();
    sandbox.tenant.setCredentials(tenant, outlet, { waba_access_token: canary });
  }
  const { tenant_id, outlet_id } = order;
  for (const effect of effects.filter((each) => !("hang" in each))) {
    const faults = (["graph", "graph.media"] as const).map((target) => sandbox.faults.add({ target, effect }));
    const form = mediaForm(bytes(1000));
    const upload = { method: "POST", headers: form.headers, body: Readable.from(form.body) } as const;
    const uploaded = await request(`${url}/api/v1/media`, upload);
    seen.push(await uploaded.body.json());
    seen.push(await post("/api/v1/messages/read", { tenant_id, outlet_id, whatsapp_message_id: "wamid.1" }));
    for (const fault of faults) fault.remove();
    sandbox.tenant.setCredentials(tenant, outlet, { waba_access_token: canary });
  }
  for (const target of ["tenant.credentials", "tenant.quota", "conversation"] as const) {
    const fault = sandbox.faults.add({ target, effect: { status: 500, body: `${canary} ${serviceToken}` } });
    seen.push(await send({ ...order, outlet_id: crypto.randomUUID() }), await send());
    fault.remove();
  }
  await close();
  const everything = JSON.stringify(seen) + log.join("");
  expect(everything.length).toBeGreaterThan(5000);
  for (const secret of [canary, serviceToken]) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(secret).toString("base64"));
  }
});

it.each(Object.entries(spellings))("keeps nothing of an answer that repeats a token %s", async (_, spell) => {
  const { send, post, get, url, sandbox, log, close } = await startService({
    environment: { SERVICE_TOKEN: serviceToken, RETRY_SCHEDULE_MS: "0" },
    sandbox: {
      serviceToken,
      tenants: {
        [tenant]: {
          quota: { limit: 100 },
          outlets: { [outlet]: { waba_access_token: canary, phone_number_id: "106540352242922" } },
        },
      },
    },
  });
  const spelled = spell(canary);
  const visible = spelled.replaceAll("\n", "");
  const json = (status: number, value: unknown) => ({
    status,
    body: JSON.stringify(value),
    headers: { "content-type": "application/json" },
  });
  const error = { message: spelled, type: spelled, error_user_msg: spelled, fbtrace_id: spelled, code: 131026 };
  const contacts = [{ input: visible, wa_id: visible }];
  const effects = [
    json(200, { messages: [{ id: visible }] }),
    json(200, { messages: [{ id: `wamid.${visible}` }], contacts }),
    json(200, { messages: [{ id: "wamid.genuine", message_status: visible }], contacts }),
    json(200, { id: visible }),
    json(400, { error }),
    json(400, { error: { ...error, error_data: { details: `no ${spelled}` } } }),
    json(400, {
      error: { code: 131026, error_data: { details: canary.slice(0, half) }, fbtrace_id: canary.slice(half) },
    }),
  ];
  const seen: unknown[] = [];
  const { tenant_id, outlet_id } = order;
  sandbox.faults.add({ target: "conversation", effect: { status: 422, body: `no ${spell(serviceToken)}` } });
  for (const effect of effects) {
    const faults = (["graph.messages", "graph.media"] as const).map((target) => sandbox.faults.add({ target, effect }));
    const answer = await send();
    const id = String(answer.body["message_id"]);
    expect(answer.body, JSON.stringify(effect)).toHaveProperty("message_id");
    seen.push(answer, await get(`/api/v1/messages/${id}`), await get(`/api/v1/messages/${id}/status`));
    seen.push(await post("/api/v1/messages/read", { tenant_id, outlet_id, whatsapp_message_id: "wamid.1" }));
    const form = mediaForm(bytes(10));
    const upload = { method: "POST", headers: form.headers, body: Readable.from(form.body) } as const;
    seen.push(await (await request(`${url}/api/v1/media`, upload)).body.json());
    for (const fault of faults) fault.remove();
  }
  await until(() => log.some((line) => line.includes("history rejected permanently")));
  await close();
  const everything = (JSON.stringify(seen) + log.join("")).replaceAll(String.raw`\n`, "");
  expect(everything).toContain("wamid.genuine");
  for (const secret of [canary, serviceToken]) {
    expect(everything).not.toContain(secret);
    expect(everything.toLowerCase()).not.toContain(spell(secret).replaceAll("\n", "").toLowerCase());
  }
  expect(everything).not.toContain(canary.slice(half));
});
