import { leadsToPrivateAddress } from "@message-sender/http-adapter/outbound";
import type { Settings } from "@message-sender/server/settings";

import { call } from "./call.ts";
import { type Check, failed, passed, warned } from "./check.ts";

/** Whether the receiver at `WEBHOOK_FORWARD_URL` answers, and knows the path. The operator chooses it, so it may be at any address. */
export async function checkWebhookReceiver({ WEBHOOK_FORWARD_URL: url }: Settings): Promise<readonly Check[]> {
  return url === undefined ? [] : [await reach("webhook receiver", url)];
}

/** Whether the receiver at `STATUS_CALLBACK_URL` answers, knows the path, and is at an address that a server sends to. */
export async function checkCallbackReceiver(settings: Settings): Promise<readonly Check[]> {
  const { STATUS_CALLBACK_URL: url, CALLBACK_ALLOW_PRIVATE: allowsPrivate } = settings;
  if (url === undefined) return [];
  const what = "receiver of status callbacks";
  if (allowsPrivate === "off" && (await leadsToPrivateAddress(new URL(url)))) {
    const advice = "set CALLBACK_ALLOW_PRIVATE=on if the receiver is your own, or give its public URL";
    return [failed(nameOf(what, url), "a private address, to which nothing is sent", advice)];
  }
  return [await reach(what, url)];
}

async function reach(what: string, url: string): Promise<Check> {
  const name = nameOf(what, url);
  const answer = await call(url);
  if (typeof answer === "string") {
    return failed(name, answer, "check the URL, and that the receiver runs and can be reached from here");
  }
  if (answer.status !== 404 || (await takesPosts(url))) return passed(name);
  return warned(name, "answered HTTP 404", "check the path of the URL: the receiver must take POST there");
}

/**
 * Many servers answer 404 to a GET of a path that they know for POST only. The POST has neither an event nor a signature: a receiver
 * refuses it.
 */
async function takesPosts(url: string): Promise<boolean> {
  const answer = await call(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  return typeof answer === "string" || answer.status !== 404;
}

function nameOf(what: string, url: string): string {
  const { origin, pathname } = new URL(url);
  return `${what} at ${origin}${pathname}`;
}
