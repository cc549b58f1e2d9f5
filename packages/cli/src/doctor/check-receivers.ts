import { leadsToPrivateAddress } from "@message-sender/http-adapter/outbound";
import type { Settings } from "@message-sender/server/settings";

import { call } from "./call.ts";
import { type Check, failed, passed } from "./check.ts";

/** Whether the receiver at `WEBHOOK_FORWARD_URL` answers. The operator chooses it, so it may be at any address. */
export async function checkWebhookReceiver({ WEBHOOK_FORWARD_URL: url }: Settings): Promise<readonly Check[]> {
  return url === undefined ? [] : [await reach("webhook receiver", url)];
}

/** Whether the receiver at `STATUS_CALLBACK_URL` answers, and is at an address that a server sends to. */
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
  const answer = await call(url);
  if (typeof answer === "object") return passed(nameOf(what, url));
  return failed(nameOf(what, url), answer, "check the URL, and that the receiver runs and can be reached from here");
}

function nameOf(what: string, url: string): string {
  const { origin, pathname } = new URL(url);
  return `${what} at ${origin}${pathname}`;
}
