import { createHmac, randomBytes } from "node:crypto";

import type { Secret } from "@message-sender/core";
import type { Settings } from "@message-sender/server/settings";

import { call } from "./call.ts";
import { type Check, failed, passed, warned } from "./check.ts";
import { askOwnServer } from "./own-server.ts";

/** A webhook about nothing: a receiver with the same secret accepts it and does nothing. */
const probe = JSON.stringify({ object: "whatsapp_business_account", entry: [] });

/**
 * Sends what WhatsApp sends, to the URLs where it sends it: a handshake with the verify token, and a webhook signed with each of the
 * app's secrets. Where no URL is known, to the server that these settings are for.
 */
export async function checkWebhooks(settings: Settings, urls: readonly string[]): Promise<readonly Check[]> {
  const { WHATSAPP_APP_SECRET: secrets, WHATSAPP_VERIFY_TOKEN: token } = settings;
  if (!secrets || !token) return [passed("no webhooks: WHATSAPP_APP_SECRET is not set")];
  if (urls.length > 0) return (await Promise.all(urls.map((url) => checkUrl(url, secrets, token)))).flat();
  const own = await askOwnServer(settings, "/healthz");
  if (own?.answer.status === 200) return checkUrl(`${own.url}/webhooks/whatsapp`, secrets, token);
  const advice = "give the URL that the app's dashboard has with --webhook-url, once the server runs";
  return [warned("webhooks", "not checked: their public URL is not known", advice)];
}

async function checkUrl(url: string, secrets: readonly Secret[], token: Secret): Promise<readonly Check[]> {
  const name = `webhooks at ${shown(url)}`;
  const found = await Promise.all([
    shakeHands(name, url, token),
    ...secrets.map((secret, at) => sendSigned(name, url, secret, secrets.length > 1 ? `secret ${at + 1} of ` : "")),
  ]);
  const problems = found.filter((check) => check !== undefined);
  const [first] = problems;
  // Where nothing answers, each probe fails in the same way.
  if (first && problems.every(({ problem }) => problem === first.problem)) return [first];
  return problems.length > 0 ? problems : [passed(name)];
}

async function shakeHands(name: string, url: string, token: Secret): Promise<Check | undefined> {
  const challenge = randomBytes(8).toString("hex");
  const asked = new URL(url);
  asked.searchParams.set("hub.mode", "subscribe");
  asked.searchParams.set("hub.verify_token", token.reveal());
  asked.searchParams.set("hub.challenge", challenge);
  const answer = await call(asked.href);
  if (typeof answer === "string") return unreachable(name, answer);
  if (answer.status === 404) return missing(name);
  if (answer.status === 200 && answer.text === challenge) return undefined;
  if (answer.status === 403) {
    const advice = "give the server and this command the same WHATSAPP_VERIFY_TOKEN, and the app's dashboard too";
    return failed(name, "WHATSAPP_VERIFY_TOKEN is not the one that the server has", advice);
  }
  const advice = "check that the URL leads to this server, and that nothing on the way changes the answer";
  return failed(name, `the handshake is answered with HTTP ${answer.status}, without the challenge`, advice);
}

async function sendSigned(name: string, url: string, secret: Secret, which: string): Promise<Check | undefined> {
  const signature = createHmac("sha256", secret.reveal()).update(probe).digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  const answer = await call(url, { method: "POST", headers, body: probe });
  if (typeof answer === "string") return unreachable(name, answer);
  if (answer.status === 404) return missing(name);
  if (answer.status >= 200 && answer.status < 300) return undefined;
  if (answer.status === 401 || answer.status === 403) {
    const advice = "set WHATSAPP_APP_SECRET of the server to the app secret in the app's dashboard, and restart it";
    return failed(name, `${which}WHATSAPP_APP_SECRET is not one that the server accepts`, advice);
  }
  return failed(name, `a signed webhook is answered with HTTP ${answer.status}`, "see the log of the server");
}

function unreachable(name: string, reason: string): Check {
  return failed(name, reason, "check the URL, its certificate and the firewall: WhatsApp must reach it too");
}

function missing(name: string): Check {
  const advice =
    "use the path /webhooks/whatsapp, and start the server with WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN";
  return failed(name, "there is nothing that receives webhooks (HTTP 404)", advice);
}

/** Queries may hold secrets. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
