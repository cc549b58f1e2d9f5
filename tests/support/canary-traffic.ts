import type { FaultEffect } from "@message-sender/emulator";

import { until, outlet, tenant } from "./running-service.ts";
import { type CanaryServer, orderOf, type Plants } from "./canary-server.ts";

/** What WhatsApp answers: with the text in clear, or the token in base64. */
const effects: readonly ((text: string, base64: string) => FaultEffect | undefined)[] = [
  () => undefined,
  (details) => ({ graphError: 131026, details }),
  (details) => ({ graphError: 131016, details }),
  (details) => ({ graphError: 190, details }),
  (details) => ({ graphError: 130429, details }),
  (_, details) => ({ graphError: 100, details }),
  (text) => ({ status: 500, body: `<html>${text}</html>` }),
  (body) => ({ status: 401, body }),
  () => ({ reset: "after" }),
  () => ({ acceptThenLose: "reset" }),
  () => ({ truncate: true }),
  () => ({ hang: true }),
];

/** Sends of every outcome, failures of every service, webhooks, and everything that can be asked of the API. */
export async function runCanaryTraffic(server: CanaryServer, plants: Plants): Promise<readonly string[]> {
  const { sandbox, call, webhook } = server;
  const { secrets, contents, numbers } = plants;
  const order = orderOf(plants);
  // Each service quotes what it knows.
  const quoted = `${numbers.recipient} may not get "${contents.text}"`;
  const byTenantService = `${secrets.accessToken} ${secrets.otherAccessToken} ${secrets.serviceToken}`;
  const byConversationService = `${quoted} from ${secrets.serviceToken}`;
  const rejected = sandbox.faults.add({ target: "conversation", effect: { status: 422, body: byConversationService } });
  await call("/api/v1/messages/send", { ...order, conversation_id: "rejected" });
  await until(() => server.log.some((line) => line.includes("history rejected permanently")));
  rejected.remove();

  const ids: string[] = [];
  for (const [index, effectOf] of effects.entries()) {
    const token = index % 2 === 0 ? secrets.accessToken : secrets.otherAccessToken;
    sandbox.tenant.setCredentials(tenant, outlet, { waba_access_token: token });
    const effect = effectOf(`${quoted} with ${token}`, Buffer.from(`Bearer ${token}`).toString("base64"));
    const fault = effect && sandbox.faults.add({ target: "graph", effect });
    const answer = await call("/api/v1/messages/send", order, { "idempotency-key": `key-${index}` });
    await call("/api/v1/messages/send", order, { "idempotency-key": `key-${index}` });
    await call("/api/v1/messages/send", { ...order, message: contents.caption }, { "idempotency-key": `key-${index}` });
    const id = /"message_id":"([^"]+)"/.exec(answer.text)?.[1];
    if (id !== undefined) ids.push(id);
    fault?.remove();
    // An answer to a read receipt knows of no content.
    const details = `${numbers.recipient} did not write to ${token}`;
    const unread = sandbox.faults.add({ target: "graph", effect: { graphError: 131009, details } });
    await call("/api/v1/messages/read", { tenant_id: tenant, outlet_id: outlet, whatsapp_message_id: "wamid.1" });
    unread.remove();
  }
  for (const id of ids) {
    await call(`/api/v1/messages/${id}`);
    await call(`/api/v1/messages/${id}/status`);
    await call(`/api/v1/messages/${id}/resolve`, { action: "resend" });
  }
  for (const [target, body] of [
    ["tenant.credentials", byTenantService],
    ["tenant.quota", byTenantService],
    ["conversation", byConversationService],
  ] as const) {
    const fault = sandbox.faults.add({ target, effect: { status: 500, body } });
    await call("/api/v1/messages/send", { ...order, outlet_id: crypto.randomUUID() });
    await call("/api/v1/messages/send", order);
    fault.remove();
  }

  await call("/api/v1/messages/send", { ...order, to: numbers.recipient, extra: contents.text, message: 5 });
  await call("/api/v1/messages/send", `{"message": "${contents.text}", "to": ${numbers.recipient}`);
  await call(`/api/v1/messages/${numbers.recipient}/status`);
  await call(`/api/v1/messages?tenant_id=${tenant}&to=%2B${numbers.recipient}`);
  await call(`/api/v1/unknown/+${numbers.recipient}?token=${secrets.wrongKey}`);
  await call("/api/v1/messages/send", order, { authorization: `Bearer ${secrets.wrongKey}` });
  await call("/healthz", undefined, { "x-request-id": secrets.wrongKey });
  await call(`/api/v1/usage?tenant_id=${tenant}`);
  await call("/api/v1/webhooks?limit=100");
  await call("/metrics");
  await call(`/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${secrets.wrongKey}`);
  await call(`/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${secrets.verifyToken}`);
  await call("/webhooks/whatsapp", `{"text": "${contents.answer}"}`, {
    "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
  });

  const contacts = [{ wa_id: numbers.customer, profile: { name: contents.customer } }];
  const message = { from: numbers.customer, id: "wamid.in", timestamp: "1763719201", type: "text" };
  await webhook({ contacts, messages: [{ ...message, text: { body: contents.answer } }] });
  const failed = sandbox.graph.messages.at(-1);
  const error = { code: 131047, title: quoted, message: quoted, error_data: { details: quoted } };
  const status = { id: failed?.wamid, status: "failed", timestamp: "1763719205", recipient_id: numbers.resolved };
  await webhook({ statuses: [{ ...status, errors: [error], biz_opaque_callback_data: failed?.callbackData }] });
  await webhook({ statuses: [{ ...status, status: quoted }, { id: 5 }, quoted] });
  await until(() => server.received.length > 1 && server.statusEvents.length > 30);
  return ids;
}
