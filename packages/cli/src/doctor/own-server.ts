import type { Settings } from "@message-sender/server/settings";

import { call, type CallAnswer } from "./call.ts";

/** An answer of the server that these settings are for, and its URL. */
export interface OwnAnswer {
  readonly url: string;
  readonly answer: CallAnswer;
}

/** Asks the server at `MESSAGE_SENDER_URL`, and else the one at `HOST` and `PORT`. Undefined if neither answers. */
export async function askOwnServer(
  { MESSAGE_SENDER_URL, HOST, PORT }: Settings,
  path: "/healthz" | "/readyz",
): Promise<OwnAnswer | undefined> {
  const listening = `http://${HOST.includes(":") ? `[${HOST}]` : HOST}:${PORT}`;
  for (const url of new Set([MESSAGE_SENDER_URL, ...(PORT === 0 ? [] : [listening])])) {
    const answer = await call(url + path);
    if (typeof answer === "object" && isOurs(answer)) return { url, answer };
  }
  return undefined;
}

/** Another program may listen there: port 3000 is a popular one. */
function isOurs({ status, body }: CallAnswer): boolean {
  return status !== 404 && body !== undefined;
}
