import { join } from "node:path";

import { root } from "../readmes/examples.ts";
import { packAll } from "../tarballs/pack.ts";
import type { Terminal } from "./shell.ts";
import { step } from "./step.ts";
import type { Person } from "./steps/erase.ts";
import { findByReference, seeMetrics } from "./steps/find.ts";
import { install, installReceiver } from "./steps/install.ts";
import { startReceiver } from "./steps/receiver.ts";
import { firstSend, sentOrder } from "./steps/send.ts";
import { doctor, serve, type Server } from "./steps/server.ts";
import { createFirstKey, createMetricsKey, createOperatorKey, init, set, uncomment } from "./steps/settings.ts";
import { startWhatsApp, type WhatsApp } from "./steps/whatsapp.ts";

/** A server that has sent one message. */
export interface InProduction {
  readonly place: Terminal;
  readonly whatsApp: WhatsApp;
  readonly server: Server;
  /** Sends and reads. */
  readonly key: string;
  readonly operatorKey: string;
  /** The recipient, and the message. */
  readonly person: Person;
}

const appSecret = "the-app-secret-of-the-stranger";

/** From nothing to a message that was sent, reported, counted and found. */
export async function walk(folder: string, settings: Readonly<Record<string, string>>): Promise<InProduction> {
  const tarballs = await step("pack the packages", () => packAll(root, folder));
  const place = await step("install the command", () => install(join(folder, "server"), tarballs));
  const platform = await step("install the library of the receiver", () => installReceiver(join(folder, "platform")));
  const whatsApp = await step("start the emulator as WhatsApp", () => startWhatsApp(place));
  const key = await step("make settings, tenants and a key", async () => {
    await init(place);
    const own = {
      HOST: "0.0.0.0",
      PORT: "0",
      GRAPH_API_URL: whatsApp.url,
      WHATSAPP_APP_SECRET: appSecret,
      ...settings,
    };
    for (const [name, value] of Object.entries(own)) await set(place, name, value);
    await uncomment(place, "WHATSAPP_VERIFY_TOKEN");
    return createFirstKey(place);
  });
  const receiver = await step("start the platform's receiver of status callbacks", async () => {
    const started = await startReceiver(platform, await uncomment(place, "CALLBACK_SECRET"));
    await set(place, "STATUS_CALLBACK_URL", started.url);
    await set(place, "CALLBACK_ALLOW_PRIVATE", "on");
    return started;
  });
  const server = await step("serve on 0.0.0.0, and let WhatsApp report to it", async () => {
    const started = await serve(place);
    await whatsApp.reportTo(started.url, appSecret);
    return started;
  });
  await step("doctor finds nothing wrong", () => doctor(server));
  const order = await sentOrder();
  const sent = await step("send with the README's curl", () => firstSend(server, key));
  await step("receive its status callbacks, and verify them", () => receiver.received(sent.messageId, "read"));
  await step("see its metrics", async () => {
    await createMetricsKey(server.terminal);
    await seeMetrics(server);
  });
  await step("find its record by reference", () => findByReference(server, key, sent.messageId, order));
  const operatorKey = await step("make a key for an operator", () => createOperatorKey(server.terminal));
  return { place, whatsApp, server, key, operatorKey, person: { ...sent, order } };
}
