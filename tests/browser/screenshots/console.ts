/** Takes the pictures of the console for its documents: each page in each look. `npm run screenshots` builds it first. */
import { startSandbox } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { connectWebhooks, createService } from "@message-sender/server";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";
import { Registry } from "@prometheus-io/client";
import type { Page } from "playwright-core";

import { capture, looks } from "./capture.ts";

const sandbox = await startSandbox();
const service = await createService({
  ...serverOptionsOf(
    readSettings({ RETRY_JITTER: "0", RETRY_SCHEDULE_MS: "0,1000,2000,4000" }, { sandbox: true })._unsafeUnwrap(),
  ),
  sandbox,
  metrics: new Registry(),
});
/** The same console as whoever has no session sees it. */
const guarded = await createService({ sandbox, console: true, access: () => ({ refused: "unauthenticated" }) });
const server = await startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
const guardedServer = await startHttpServer({ app: guarded.app, host: "127.0.0.1", port: 0 });
connectWebhooks(sandbox, server.url);
try {
  const pages = await seed(server.url);
  // Plots are drawn by then.
  const prepare = (page: Page) => page.waitForTimeout(1000);
  const shots = (Object.keys(looks) as (keyof typeof looks)[]).flatMap((look) =>
    Object.entries(pages).map(([name, url]) => ({ name, look, url, prepare })),
  );
  await capture(new URL("../../../docs/images/console/", import.meta.url), shots);
} finally {
  await Promise.all([service.close(), guarded.close()]);
  await Promise.all([server.close(), guardedServer.close()]);
}

/** Sends what a day in three shops looks like, faults included. Gives the pages to show. */
async function seed(url: string): Promise<Readonly<Record<string, string>>> {
  async function post(
    path: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const json = { "content-type": "application/json", ...headers };
    const answer = await fetch(`${url}${path}`, { method: "POST", headers: json, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  }
  let orders = 4700;
  const send = (to: string, given: object = {}, headers: Record<string, string> = {}) =>
    post(
      "/api/v1/messages/send",
      {
        tenant_id: "acme",
        outlet_id: "jakarta-1",
        conversation_id: `c-${to.slice(-4)}`,
        to,
        message: "Hello! Your order is ready.",
        message_type: "text",
        reference: `order-${(orders += 1)}`,
        ...given,
      },
      headers,
    );
  const fault = (count: number, graphError: number) =>
    sandbox.faults.add({ target: "graph.messages", trigger: { next: count }, effect: { graphError } });
  const async = { prefer: "respond-async" };

  for (let index = 0; index < 14; index += 1) {
    const tenant_id = ["acme", "acme", "globex"][index % 3];
    const outlet_id = ["jakarta-1", "bandung", "berlin"][index % 3];
    await send(`+62812345${String(6000 + index * 37)}`, { tenant_id, outlet_id });
  }
  fault(1, 131026);
  await send("+628123450001");
  fault(1, 131047);
  await send("+628123450002");
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 1 }, effect: { acceptThenLose: "reset" } });
  await send("+628123450003", { on_ambiguous: "hold" });
  await send("+628123450004", { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() }, async);
  await post("/api/v1/pauses", { tenant_id: "globex", outlet_id: "berlin", reason: "The shop moves." });
  await send("+4915112345678", { tenant_id: "globex", outlet_id: "berlin" }, async);
  fault(3, 131000);
  const repeated = await send("+628123450005");
  const failed = (await fetch(`${url}/api/v1/messages?status=failed`).then((answer) => answer.json())) as {
    messages: { message_id: string }[];
  };
  await new Promise((resolve) => setTimeout(resolve, 4000));
  return {
    overview: `${url}/console`,
    messages: `${url}/console/messages`,
    journey: `${url}/console/messages/${String(repeated["message_id"])}`,
    failed: `${url}/console/messages/${failed.messages.at(-1)?.message_id ?? ""}`,
    "change-many": `${url}/console/messages/many?action=resend&tenant=acme`,
    tenants: `${url}/console/tenants`,
    "sign-in": `${guardedServer.url}/console/sign-in`,
  };
}
