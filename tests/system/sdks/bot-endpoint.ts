import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { SandboxClient } from "@message-sender/emulator";
import { onTestFinished } from "vitest";

export const appSecret = "the-app-secret";
export const verifyToken = "the-verify-token";

/** A webhook as it came in. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Bot {
  /** Answers WhatsApp's question when the URL is set. */
  readonly consent: (query: Readonly<Record<string, string>>) => Promise<string> | string;
  /** Rejects what is not signed, or wrong. */
  readonly receive: (delivery: Delivery) => Promise<void>;
}

/** Serves the webhooks of a bot, and subscribes it at the sandbox as at Meta. An error of the bot is answered with 500. */
export async function openBot(sandbox: Pick<SandboxClient, "webhooks">, bot: Bot): Promise<void> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    try {
      if (request.method === "GET") response.end(await bot.consent(Object.fromEntries(url.searchParams)));
      else {
        await bot.receive({ headers: request.headers, body: await text(request) });
        response.end();
      }
    } catch (cause) {
      response.writeHead(500).end(String(cause));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  await sandbox.webhooks.subscribe({ url, appSecret, verifyToken });
}
