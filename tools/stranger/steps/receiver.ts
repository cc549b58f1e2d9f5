import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { shown } from "../documents.ts";
import { eventually, expected } from "../expect.ts";
import { start, type Terminal } from "../shell.ts";

/** The platform's receiver of status callbacks. It prints an event only after it verified its signature. */
export interface Receiver {
  readonly url: string;
  /** Resolves when it has a verified event of this status. */
  received(messageId: string, status: string): Promise<void>;
  printed(): string;
}

/** Runs the receiver that docs/callbacks.md shows. */
export async function startReceiver(platform: Terminal, secret: string): Promise<Receiver> {
  await writeFile(join(platform.folder, "receiver.mjs"), await shown("docs/callbacks.md", "js", "createServer"));
  const terminal = { ...platform, variables: { ...platform.variables, CALLBACK_SECRET: secret, PORT: "0" } };
  const { match, printed } = await start("node receiver.mjs", terminal, /^receiving on port (\d+)$/m);
  const url = `http://127.0.0.1:${match[1]}/callbacks`;
  await refusesForgeries(url);
  return {
    url,
    printed,
    async received(messageId, status) {
      await eventually(
        `the receiver verifies an event with the status ${status} of the message ${messageId}`,
        printed,
        (lines) => lines.includes(`message ${messageId} is ${status}\n`),
      );
    },
  };
}

async function refusesForgeries(url: string): Promise<void> {
  const { status } = await fetch(url, {
    method: "POST",
    headers: {
      "webhook-id": "forged:1",
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": "v1,AAAA",
    },
    body: JSON.stringify({ type: "message.status", data: { message_id: "forged", version: 1, status: "sent" } }),
  });
  expected("the receiver answers a forged event with 401", status === 401, status);
}
