import { template, textParameters } from "@message-sender/core";
import { startSandbox, type TemplateSeed } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService } from "@message-sender/server";
import { Registry } from "@prometheus-io/client";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";

import { order, outlet, startService, tenant } from "../../support/running-service.ts";

const seeds: readonly TemplateSeed[] = [
  { name: "order_ready", language: "en_US", body: 2 },
  { name: "named", language: "en_US", body: ["first_name"] },
  { name: "picture", language: "en_US", header: "image" },
  { name: "track", language: "en_US", buttons: ["quick_reply", "url"] },
  { name: "paused", language: "en_US", status: "paused" },
  { name: "rejected", language: "en_US", status: "rejected" },
];

const body = (...texts: string[]) => [{ type: "body", parameters: textParameters(texts) }];

const messageOf = (name: string, components: readonly object[] = [], code = "en_US") => ({
  ...order,
  message_type: "template",
  message: { name, language: { code }, components },
});

/** Webhooks about templates name no number; the emulator adds one. */
const changed = (service: Pick<Awaited<ReturnType<typeof startService>>, "sandbox" | "url">, event: string) => {
  const { sandbox, url } = service;
  sandbox.webhooks.target({ url: `${url}/webhooks/whatsapp`, appSecret: "the-sandbox-has-no-secrets" });
  const phoneNumberId = sandbox.tenant.credentialsOf(tenant, outlet)?.phone_number_id ?? "";
  const value = { event, message_template_name: "order_ready", message_template_language: "en_US" };
  sandbox.webhooks.raw({ phoneNumberId, field: "message_template_status_update", value });
};

it.each<[string, object, string, string]>([
  [
    "a missing parameter of the body",
    messageOf("order_ready", body("Budi")),
    "/message/components/0/parameters",
    "the body takes 2 parameters ({{1}}, {{2}}), and the message has 1: {{2}} is missing",
  ],
  [
    "no parameters at all",
    messageOf("order_ready"),
    "/message/components",
    "the body takes 2 parameters ({{1}}, {{2}}), and the message has 0: {{1}}, {{2}} are missing",
  ],
  [
    "a parameter without its name",
    messageOf("named", body("Budi")),
    "/message/components/0/parameters",
    "the parameters of the body are named: each needs its parameter_name (first_name)",
  ],
  [
    "a header of another type",
    messageOf("picture", [{ type: "header", parameters: [{ type: "document", document: { id: "1" } }] }]),
    "/message/components/0/parameters",
    "the header takes 1 parameter of type image, and the message has one of another type",
  ],
  [
    "a URL without its end",
    messageOf("track"),
    "/message/components",
    "the URL of the button at index 1 takes 1 parameter, and the message has none",
  ],
])("a template with %s is refused before a unit is spent", async (_, message, pointer, detail) => {
  const { send, sandbox } = await startService({ sandbox: { templates: seeds } });
  const refused = await send(message, { "idempotency-key": "one" });
  expect(refused).toMatchObject({
    status: 422,
    body: { type: "/problems/message-rejected", errors: [{ pointer, detail }] },
  });
  expect(refused.body["detail"]).toContain(detail);
  expect(refused.body).not.toHaveProperty("message_id");
  expect(sandbox.graph.requestCount).toBe(0);
  expect(sandbox.tenant.requests.filter(({ path }) => path.includes("quota"))).toEqual([]);
  const corrected = await send(messageOf("order_ready", body("Budi", "17")), { "idempotency-key": "one" });
  expect([corrected.status, sandbox.graph.messageCount]).toEqual([200, 1]);
});

it("the server's check and the emulator's WhatsApp agree about names of parameters", async () => {
  const { send, sandbox } = await startService({ sandbox: { templates: seeds } });
  // Without a WABA there is no check, and the emulator decides.
  sandbox.tenant.setCredentials(tenant, "unchecked", { waba_access_token: "EAAtoken", phone_number_id: "1" });
  const given = (...names: (string | undefined)[]) => [
    {
      type: "body",
      parameters: names.map((name) => ({ type: "text", text: "x", ...(name && { parameter_name: name }) })),
    },
  ];
  const cases = [
    [200, messageOf("order_ready", given(undefined, undefined))],
    [200, messageOf("order_ready", given("first", "second"))],
    [422, messageOf("order_ready", given("first"))],
    [200, messageOf("named", given("first_name"))],
    [422, messageOf("named", given(undefined))],
    [422, messageOf("named", given("other"))],
    [422, messageOf("named", given("first_name", "other"))],
  ] as const;
  for (const [status, message] of cases) {
    const answers = [await send(message), await send({ ...message, outlet_id: "unchecked" })];
    expect([message.message, ...answers.map((answer) => answer.status)]).toEqual([message.message, status, status]);
  }
});

it("a template that cannot be sent is refused with its status", async () => {
  const { send, sandbox } = await startService({ sandbox: { templates: seeds } });
  const [paused, rejected] = [await send(messageOf("paused")), await send(messageOf("rejected"))];
  expect(paused).toMatchObject({ status: 422, body: { type: "/problems/message-rejected" } });
  expect(paused.body["detail"]).toContain("A queued message waits until WhatsApp resumes it");
  expect(rejected.body["detail"]).toContain("has the status REJECTED");
  expect(sandbox.graph.requestCount).toBe(0);
});

it("an unknown template is sent, and one of an account that is unknown", async () => {
  const { send, sandbox } = await startService({ sandbox: { templates: seeds } });
  const answers = [await send(messageOf("unknown", body("a"))), await send(messageOf("order_ready", [], "id"))];
  sandbox.tenant.setCredentials(tenant, "strange", {
    waba_access_token: "EAAstrange",
    phone_number_id: "1",
    waba_id: "../x",
  });
  answers.push(await send({ ...messageOf("order_ready"), outlet_id: "strange" }));
  expect(answers.map(({ body: said }) => said["whatsapp_error"])).toMatchObject([
    { code: 132001 },
    { code: 132001 },
    { code: 132000 },
  ]);
  expect(sandbox.graph.requestCount).toBe(3);
  sandbox.graph.setTemplates([]);
  expect((await send(messageOf("unknown", body("a")))).status).toBe(200);
});

it("tenants that come from the service's options are checked too", async () => {
  const sandbox = await startSandbox({ templates: seeds });
  const outlets = {
    main: { waba_access_token: "EAAinline", phone_number_id: "106540352242922", waba_id: "102290129340398" },
  };
  const service = await createService({
    sandbox,
    access: "open",
    tenants: { acme: { quota: { limit: 10, period: "none" }, outlets } },
  });
  onTestFinished(service.close);
  const to = { tenantId: "acme", outletId: "main", conversationId: "c", to: "+628123456789" };
  const refused = await service.sender.send({ ...to, content: template("order_ready", "en_US") });
  expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: "TemplateRefused", template: { status: "APPROVED" } });
});

it("a webhook about a template makes the server look again", async () => {
  const service = await startService({ sandbox: { templates: seeds } });
  const ready = messageOf("order_ready", body("Budi", "17"));
  expect((await service.send(ready)).status).toBe(200);
  const [first, ...others] = seeds;
  service.sandbox.graph.setTemplates([{ ...first!, status: "paused" }, ...others]);
  changed(service, "PAUSED");
  await expect.poll(async () => (await service.send(ready)).body["title"]).toBe("The template cannot be sent");
  service.sandbox.graph.setTemplates(seeds);
  changed(service, "APPROVED");
  await expect.poll(async () => (await service.send(ready)).status).toBe(200);
});

it("a queued message of a paused template waits, and says why", async () => {
  const sandbox = await startSandbox({ templates: seeds });
  const service = await createService({ sandbox, access: "open" });
  const { url, close } = await startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await service.close();
    await close();
  });
  const queued = await service.sender.enqueue({
    tenantId: tenant,
    outletId: outlet,
    conversationId: "c",
    to: "+628123456789",
    content: template("paused", "en_US"),
  });
  const { id } = queued._unsafeUnwrap().message;
  const get = async (path: string) =>
    (await (await fetch(`${url}/api/v1/messages/${id}${path}`)).json()) as Record<string, unknown>;
  await expect.poll(async () => (await get("/status"))["hold_reason"]).toMatch(/paused its template/);
  const status = await get("/status");
  expect(status).toMatchObject({ status: "queued" });
  expect(Date.parse(String(status["next_attempt_at"]))).toBeGreaterThan(Date.parse(String(status["queued_at"])));
  expect(await get("")).toMatchObject({ attempts: [], hold_reason: status["hold_reason"] });
  expect(sandbox.graph.requestCount).toBe(0);
});

it("says once in the log that a list cannot be read, with WhatsApp's code, and counts it", async () => {
  const outlets = {
    main: { waba_access_token: "EAAmain", phone_number_id: "111", waba_id: "900" },
    other: { waba_access_token: "EAAother", phone_number_id: "222", waba_id: "901" },
  };
  const metrics = new Registry();
  const lines: string[] = [];
  const sandbox = await startSandbox({ templates: seeds, tenants: { acme: { outlets } } });
  const service = await createService({
    sandbox,
    access: "open",
    metrics,
    logger: pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
    tenants: { acme: { quota: { limit: 10, period: "none" }, outlets: { main: { ...outlets.main, waba_id: "901" } } } },
  });
  onTestFinished(service.close);
  const command = { tenantId: "acme", outletId: "main", conversationId: "c", to: "+628123456789" } as const;
  for (let round = 0; round < 2; round += 1) {
    const sent = await service.sender.send({ ...command, content: template("order_ready", "en_US") });
    expect(sent._unsafeUnwrapErr().kind).toBe("Rejected");
  }
  expect(sandbox.graph.requestCount).toBe(2);
  const said = lines.map((line) => JSON.parse(line) as { msg: string }).filter(({ msg }) => msg.includes("templates"));
  expect(said).toEqual([
    expect.objectContaining({
      level: 40,
      tenant_id: "acme",
      waba_id: "901",
      reason: expect.stringMatching(/^the templates cannot be listed: HTTP \d+ with error \d+$/),
    }),
  ]);
  expect(await metrics.metrics()).toContain('message_sender_template_lists_total{result="failed"} 1');
});
