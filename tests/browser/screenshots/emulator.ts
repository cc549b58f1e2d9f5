/** Takes the pictures of the emulator's page for its documents. `npm run screenshots` builds it first. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { startSandbox } from "@message-sender/emulator";
import type { Page } from "playwright-core";

import { capture } from "./capture.ts";

const endpoint = createServer((request, response) => request.resume().on("end", () => response.end()));
endpoint.listen(0, "127.0.0.1");
await once(endpoint, "listening");
const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/webhooks`;

const sandbox = await startSandbox({ webhooks: { url, appSecret: "the-app-secret" } });
try {
  await sandbox.loadSamples();
  const budi = (await sandbox.messages({ type: "location" })).at(-1) ?? (await sandbox.messages()).at(-1);
  const { phoneNumberId = "", customer = "" } = budi ?? {};
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 2 }, effect: { graphError: 131056 } });
  sandbox.faults.add({ target: "graph.messages", trigger: { every: 10 }, effect: { acceptThenLose: "reset" } });
  await send(phoneNumberId, customer, "Are you at home?");
  await send(phoneNumberId, customer, "The courier is there.");
  await send(phoneNumberId, customer, "The courier is there.");
  await sandbox.customer(customer, { phoneNumberId }).says("Coming!");
  await sandbox.webhooks.idle();

  const chat = `${sandbox.graphUrl}/?chat=${phoneNumberId}/${customer}`;
  const openFirst = (page: Page) => page.locator(".log summary").first().click();
  await capture(new URL("../../../docs/images/emulator/", import.meta.url), [
    { name: "chat", look: "light", url: chat },
    { name: "chat", look: "dark", url: chat },
    { name: "chat", look: "phone", url: chat },
    { name: "templates", look: "light", url: `${sandbox.graphUrl}/?view=templates` },
    { name: "faults", look: "dark", url: `${sandbox.graphUrl}/?view=faults` },
    { name: "webhooks", look: "light", url: `${sandbox.graphUrl}/?view=webhooks`, prepare: openFirst },
  ]);
} finally {
  await sandbox.close();
  endpoint.close();
}

async function send(phoneNumberId: string, to: string, body: string): Promise<void> {
  await fetch(`${sandbox.graphUrl}/v25.0/${phoneNumberId}/messages`, {
    method: "POST",
    headers: { authorization: "Bearer any-token", "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to, type: "text", text: { body } }),
  });
}
