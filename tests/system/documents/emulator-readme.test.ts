import { spawn } from "node:child_process";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { startService, until } from "../../support/running-service.ts";
import { runShell } from "../../support/shell.ts";

const document = await openDocument("packages/emulator/README.md");
const readme = document.text;
const routes = [...readme.matchAll(/^\| `(GET|POST|PUT|PATCH|DELETE) (\S+)` \| (?:`(.*?)`)? ?\|/gm)].map(
  ([, method = "", path = "", body]) => ({ method, path, body }),
);
const effects = [...readme.matchAll(/^\| `(\{.*?\})` \|/gm)].map(([, effect = ""]) => effect);

async function startControl() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const call = async (method: string, path: string, body?: string) => {
    const url = `${sandbox.graphUrl}${path}`;
    const answer = await request(url, { method: method as "GET", ...(body !== undefined && { body }) });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  return { sandbox, call };
}

it("the README of the emulator has each route of the control API, and no other", async () => {
  const { call } = await startControl();
  const { control } = JSON.parse((await call("GET", "/__emulator")).text) as { readonly control: readonly string[] };
  expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(control.toSorted());
});

it("its bodies are accepted", async () => {
  const { sandbox, call } = await startControl();
  const { url, secret: appSecret } = sandbox.callbacks;
  for (const { method, path, body } of routes.filter((route) => !route.path.endsWith("/events"))) {
    sandbox.reset();
    sandbox.webhooks.target({ url, appSecret });
    sandbox.webhooks.configure({ retryPausesMs: [] }); // Any answer will do.
    sandbox.graph.setTemplates([{ name: "order_ready", language: "en" }]);
    const wamid = await sendHello(sandbox.graphUrl);
    await sandbox.webhooks.idle();
    const fault = sandbox.faults.add({ target: "callbacks", effect: { hang: true } });
    const ids: Record<string, string> = {
      faults: fault.id,
      messages: wamid,
      templates: "1000000000000000",
      webhooks: sandbox.webhooks.sent[0]?.id ?? "",
    };
    const target = path
      .replace(/(\w+)\/:id/, (_, of: string) => `${of}/${encodeURIComponent(ids[of] ?? "")}`)
      .replace(":tenantId", "acme")
      .replace(":customer", "628123456789");
    const { status, text } = await call(method, target, body);
    expect(status, `${method} ${path} ${text}`).toBeLessThan(300);
  }
});

async function sendHello(graphUrl: string): Promise<string> {
  const { body } = await request(`${graphUrl}/v25.0/106540352242922/messages`, {
    method: "POST",
    headers: { authorization: "Bearer any-token" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "628123456789", text: { body: "Hello!" } }),
  });
  const { messages } = (await body.json()) as { messages: [{ id: string }] };
  return messages[0].id;
}

it("its effects of faults are accepted, and are all that there are", async () => {
  const { call } = await startControl();
  for (const effect of effects) {
    const { status } = await call("POST", "/__emulator/faults", `{"target": "graph", "effect": ${effect}}`);
    expect(status, effect).toBe(201);
  }
  const refused = await call("POST", "/__emulator/faults", '{"target": "graph", "effect": {}}');
  const [, names = ""] = /effect must be one of ([\w, ]+)/.exec(refused.text) ?? [];
  const documented = effects.map((effect) => String(Object.keys(JSON.parse(effect) as object)[0]));
  expect(documented.toSorted()).toEqual(names.split(", ").toSorted());
});

it("its command lets it report to a server", async () => {
  const { sandbox } = await startControl();
  const { url } = await startService({
    environment: { WHATSAPP_APP_SECRET: "the-app-secret", WHATSAPP_VERIFY_TOKEN: "the-verify-token" },
  });
  const command = document.block("sh", "__emulator/webhooks").replace("http://127.0.0.1:3000", url);
  await runShell(command, { GRAPH_API_URL: sandbox.graphUrl });
  sandbox.webhooks.inbound({ phoneNumberId: "106540352242922", from: "+628123456789", text: "Thanks!" });
  await until(() => sandbox.webhooks.sent.length > 0);
  expect(sandbox.webhooks.sent[0]).toMatchObject({ responseStatus: 200 });
});

it("its first command starts it", async () => {
  const [, args = ""] = /^npx @message-sender\/emulator (.+)$/m.exec(document.block("sh", "npx")) ?? [];
  const program = join(root, "packages/emulator/bin/message-sender-emulator.js");
  const child = spawn(process.execPath, [program, ...args.replace("4500", "0").split(" ")]);
  onTestFinished(() => void child.kill());
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += String(chunk)));
  await until(() => printed.includes("WhatsApp is emulated at http://127.0.0.1:"));
});

it("each of its code blocks is run", () => {
  expect(document.untested()).toEqual([]);
});
