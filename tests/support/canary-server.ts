import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { startSandbox } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService } from "@message-sender/server";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";
import { Registry } from "@prometheus-io/client";
import { pino } from "pino";
import { request } from "undici";
import { onTestFinished } from "vitest";

import { apiKeysFile, newKey } from "./api-keys.ts";
import { conversation, outlet, tenant, unpaced } from "./running-service.ts";
import type { Planted } from "./traces-of.ts";

const random = (bytes: number) => randomBytes(bytes).toString("base64url").replaceAll(/[-_]/g, "x");

/** Secrets, contents and numbers that are found nowhere else. */
export function plant() {
  const secrets = {
    accessToken: `EAA${random(90)}`,
    otherAccessToken: `EAA${random(90)}`,
    appSecret: random(24),
    verifyToken: random(24),
    serviceToken: random(24),
    callbackSecret: `whsec_${randomBytes(32).toString("base64")}`,
    tenantCallbackSecret: `whsec_${randomBytes(32).toString("base64")}`,
    callbackUrlToken: random(24),
    wrongKey: `msk_${random(36)}`,
  };
  const contents = {
    text: "marmalade zebra quartz",
    caption: "a plaid umbrella of jade",
    answer: "my aunt keeps seven herons",
    customer: "Thessaly Quillfeather",
  };
  const numbers = { recipient: "6281298765432", resolved: "6281298765499", customer: "4915777123454" };
  return { secrets, contents, numbers };
}

export type Plants = ReturnType<typeof plant>;

export function named(values: Readonly<Record<string, string>>): readonly Planted[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** The whole server with keys on, and all that leaves it. */
export async function startCanaryServer(plants: Plants, environment: Readonly<Record<string, string>>) {
  const { secrets } = plants;
  const received: string[] = [];
  const statusEvents: string[] = [];
  // What fails is told with every secret that its receiver knows.
  const receiver = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    const kind = incoming.url === "/hooks" ? received : statusEvents;
    kind.push(JSON.stringify(incoming.headers) + body);
    const { callbackSecret, tenantCallbackSecret } = secrets;
    response.writeHead(kind.length === 1 ? 500 : 200, `not ${tenantCallbackSecret} ${incoming.url}`);
    response.end(`${callbackSecret} ${tenantCallbackSecret} ${incoming.url} ${body}`);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void receiver.close());
  await once(receiver, "listening");

  const sandbox = await startSandbox({
    serviceToken: secrets.serviceToken,
    tenants: {
      [tenant]: {
        quota: { limit: 1000 },
        outlets: { [outlet]: { waba_access_token: secrets.accessToken, phone_number_id: "106540352242922" } },
      },
    },
  });
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  sandbox.tenant.setCallbacks(tenant, {
    status_callback_url: `${receiverUrl}/statuses?token=${secrets.callbackUrlToken}`,
    secret: secrets.tenantCallbackSecret,
  });
  const keys = await apiKeysFile();
  const { key, bearer } = await newKey(keys);
  const variables = {
    RETRY_JITTER: "0",
    RETRY_SCHEDULE_MS: "0,1",
    ...unpaced,
    ATTEMPT_TIMEOUT_MS: "2000",
    SERVICE_TOKEN: secrets.serviceToken,
    WHATSAPP_APP_SECRET: secrets.appSecret,
    WHATSAPP_VERIFY_TOKEN: secrets.verifyToken,
    WEBHOOK_FORWARD_URL: `${receiverUrl}/hooks`,
    CALLBACK_SECRET: secrets.callbackSecret,
    CALLBACK_ALLOW_PRIVATE: "on",
    API_KEYS_FILE: keys,
    ...environment,
  };
  const settings = readSettings(variables, { sandbox: true })._unsafeUnwrap();
  const log: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void log.push(line) });
  const metrics = new Registry();
  const service = await createService({ ...serverOptionsOf(settings), sandbox, logger, metrics });
  const server = await startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
  sandbox.webhooks.target({ url: `${server.url}/webhooks/whatsapp`, appSecret: secrets.appSecret });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await service.close();
    await server.close();
  };
  onTestFinished(close);

  const problems: string[] = [];
  async function call(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const sent = { "content-type": "application/json", ...bearer, ...headers };
    const answer = await request(server.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: sent,
      body: text ?? null,
    });
    const shown = await answer.body.text();
    if (String(answer.headers["content-type"]).includes("problem")) problems.push(shown);
    return { status: answer.statusCode, text: shown };
  }
  async function webhook(value: object) {
    const entry = [
      {
        id: "1",
        changes: [{ field: "messages", value: { metadata: { phone_number_id: "106540352242922" }, ...value } }],
      },
    ];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry });
    const signature = `sha256=${createHmac("sha256", secrets.appSecret).update(body).digest("hex")}`;
    return call("/webhooks/whatsapp", body, { "x-hub-signature-256": signature });
  }
  return {
    sandbox,
    service,
    key,
    url: server.url,
    variables,
    log,
    metrics,
    received,
    statusEvents,
    problems,
    call,
    webhook,
    close,
  };
}

export type CanaryServer = Awaited<ReturnType<typeof startCanaryServer>>;

/** A valid send of the planted text to the planted number. */
export function orderOf({ contents, numbers }: Plants) {
  return {
    tenant_id: tenant,
    outlet_id: outlet,
    conversation_id: conversation,
    to: `+${numbers.recipient}`,
    message: contents.text,
    message_type: "text",
  };
}
