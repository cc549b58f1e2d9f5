import { isDeepStrictEqual } from "node:util";

import { createMessageSender, Secret } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { signWebhook } from "@message-sender/emulator";
import { createHttpApp } from "@message-sender/http-adapter/inbound";
import { createGraphTransport } from "@message-sender/http-adapter/outbound";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";

import { metaExamples } from "./published-examples.ts";
import { jsonValues } from "../../support/json-values.ts";
import { order } from "../../support/running-service.ts";
import { runs } from "../../support/long-form.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

const secret = "app-secret-of-the-test";
const phoneNumberId = "106540352242922";
const metadata = { display_phone_number: "15550783881", phone_number_id: phoneNumberId };
const contacts = [{ profile: { name: "Zoë" }, wa_id: "628123456789", user_id: "US.13491208655302741918" }];

/** From Meta's page on status messages: its OpenAPI description has no examples of these. */
const status = (name: string, more: object = {}) => ({
  id: "wamid.other",
  status: name,
  timestamp: "1763719207",
  recipient_id: "628123456789",
  recipient_user_id: "US.13491208655302741918",
  ...more,
});
const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "utility" };
const errors = [
  { code: 131026, title: "Undeliverable", message: "Undeliverable", error_data: { details: "No" }, href: "" },
];
const conversation = { id: "c", expiration_timestamp: "1763719207", origin: { type: "utility" } };
const payment = {
  reference_id: "order-1",
  amount: { value: 2100, offset: 100 },
  currency: "INR",
  transaction: { id: "t" },
};
const webhookOf = (field: string, value: object) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "1",
      time: 1_763_719_207,
      changes: [{ field, value: { messaging_product: "whatsapp", metadata, ...value } }],
    },
  ],
});
const own = [
  webhookOf("messages", { contacts, statuses: [status("sent", { pricing, conversation })] }),
  webhookOf("messages", {
    contacts,
    statuses: [status("delivered"), status("read", { biz_opaque_callback_data: "a" })],
  }),
  webhookOf("messages", { statuses: [status("failed", { errors })] }),
  webhookOf("messages", { statuses: [status("captured", { type: "payment", payment }), status("deleted")] }),
  webhookOf("messages", { errors, statuses: [status("sent")] }),
  webhookOf("user_preferences", {
    contacts,
    user_preferences: [{ wa_id: "628123456789", category: "marketing_messages", value: "stop", timestamp: 1 }],
  }),
];
const examples = [...metaExamples("webhook-examples").map(({ raw }) => JSON.parse(raw) as Json), ...(own as Json[])];

const oddValue: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<(Json | undefined)[]>(undefined, null, true, 0, -1, 1e21, 0.5, "", "?", [], {}, [null], [[]]),
  fc.constant("x".repeat(5000)),
  // JSON text has no -0.
  jsonValues().map((value) => JSON.parse(JSON.stringify(value)) as Json),
);

function pathsIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))];
}

/** A copy with another value at the path. `undefined` removes a member, and becomes `null` in a list. */
function changed(value: Json, [key, ...rest]: Path, next: Json | undefined): Json | undefined {
  if (key === undefined) return next;
  const copy = structuredClone(value) as { [key: string]: Json };
  const member = changed(copy[key] as Json, rest, next);
  if (member === undefined && !Array.isArray(copy)) delete copy[key];
  else copy[key] = member ?? null;
  return copy;
}

async function createReceiver() {
  const ports = createTestPorts();
  const transport = createGraphTransport();
  onTestFinished(() => transport.close());
  const sender = createMessageSender(ports, { retry: { jitter: 0 } });
  const webhooks = {
    appSecrets: [new Secret(secret)],
    verifyToken: new Secret("verify"),
    describeFailure: transport.describeFailure,
  };
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const app = createHttpApp({ sender, access: "open", clock: ports.clock, webhooks, logger: silent });
  const headers = { "content-type": "application/json" };
  const answer = await app.request("/api/v1/messages/send", { method: "POST", body: JSON.stringify(order), headers });
  const sent = (await answer.json()) as { message_id: string; whatsapp_message_id: string };

  async function receive(body: Json) {
    const text = JSON.stringify(body);
    const headers = { "x-hub-signature-256": signWebhook(text, secret) };
    const answer = await app.request("/webhooks/whatsapp", { method: "POST", body: text, headers });
    expect(answer.status).toBe(200);
    const { applied, parked, unmatched } = (await answer.json()) as Record<"applied" | "parked" | "unmatched", number>;
    const kept = (await ports.webhookInbox.list({ limit: 10_000, maxBytes: 1e9 }))
      ._unsafeUnwrap()
      .webhooks.map((webhook) => JSON.parse(webhook.body) as Json);
    return { read: applied + parked + unmatched, kept };
  }
  async function shownStatus(): Promise<unknown> {
    const shown = await app.request(`/api/v1/messages/${sent.message_id}/status`);
    return ((await shown.json()) as { status: unknown }).status;
  }
  return { receive, sent, shownStatus };
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown, key: string): Json[] =>
  isObject(value) && Array.isArray(value[key]) ? (value[key] as Json[]) : [];
const knownParts = new Set(["messaging_product", "metadata", "contacts", "statuses"]);
const isStatusList = (change: Json): boolean =>
  isObject(change) &&
  isObject(change["value"]) &&
  Array.isArray(change["value"]["statuses"]) &&
  Object.keys(change["value"]).every((key) => knownParts.has(key));

/** The parts that are neither parsed nor kept. */
function lost(body: Json, { kept, read }: { readonly kept: readonly Json[]; readonly read: number }): Json[] {
  const isIn = (list: readonly Json[], value: Json) => list.some((each) => isDeepStrictEqual(each, value));
  if (isIn(kept, body)) return [];
  if (!isObject(body) || !Array.isArray(body["entry"])) return [body];
  const keptEntries = kept.flatMap((each) => listOf(each, "entry"));
  const keptChanges = keptEntries.flatMap((entry) => listOf(entry, "changes"));
  const keptStatuses = keptChanges.flatMap((change) => listOf(isObject(change) ? change["value"] : null, "statuses"));
  const missing: Json[] = [];
  let unkept = 0;
  for (const entry of body["entry"]) {
    if (isIn(keptEntries, entry)) continue;
    if (!isObject(entry) || !Array.isArray(entry["changes"])) missing.push(entry);
    for (const change of listOf(entry, "changes")) {
      if (isIn(keptChanges, change)) continue;
      if (!isStatusList(change)) missing.push(change);
      for (const each of listOf(isObject(change) ? change["value"] : null, "statuses")) {
        if (!isIn(keptStatuses, each)) unkept += 1;
      }
      const odd = listOf(isObject(change) ? change["value"] : null, "contacts").filter((contact) => !isObject(contact));
      missing.push(...odd);
    }
  }
  return unkept > read ? [...missing, `${unkept - read} statuses`] : missing;
}

it("no part of a webhook is lost, whatever one of its values is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...examples), fc.nat(), oddValue, async (example, at, odd) => {
      const paths = pathsIn(example);
      const body = changed(example, paths[at % paths.length] ?? [], odd) ?? null;
      const { receive } = await createReceiver();
      expect(lost(body, await receive(body))).toEqual([]);
    }),
    runs(400),
  );
});

it("an invalid element does not affect the others, and an invalid optional field does not affect its element", async () => {
  const elements = own
    .map(({ entry }) => entry[0]?.changes[0]?.value)
    .flatMap((value) => ("statuses" in (value ?? {}) ? (value as unknown as { statuses: Json[] }).statuses : []));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...elements), fc.nat(), oddValue, async (element, at, odd) => {
      const paths = pathsIn(element);
      const path = paths[at % paths.length] ?? [];
      const { receive, sent, shownStatus } = await createReceiver();
      const ours = { id: sent.whatsapp_message_id, biz_opaque_callback_data: `ms1:${sent.message_id}:1` };
      const number = { metadata: { phone_number_id: `number-of-${order.outlet_id}` } };
      const neighbour = status("delivered", { ...ours, timestamp: "1763719200" }) as Json;
      const statuses = [changed(element, path, odd) ?? null, neighbour];
      const body = webhookOf("messages", { ...number, contacts, statuses }) as Json;
      const result = await receive(body);
      expect(lost(body, result)).toEqual([]);
      expect(await shownStatus()).toBe("delivered");

      const needed = new Set(["id", "status", "timestamp", "type", "payment"]);
      const isOptional = typeof path[0] === "string" && !needed.has(path[0]);
      const name = isObject(element) ? element["status"] : undefined;
      if (isOptional && (name === "sent" || name === "delivered" || name === "read")) expect(result.read).toBe(2);
    }),
    runs(400),
  );
});
