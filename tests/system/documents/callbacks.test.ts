import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { openTenantsFile } from "@message-sender/http-adapter/outbound";
import { connectWebhooks } from "@message-sender/server";
import { readSettings } from "@message-sender/server/settings";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { createSchemaCheck } from "../../support/openapi/json-schema.ts";
import { wholeDocument } from "../../support/openapi/whole-document.ts";
import { startService, until } from "../../support/running-service.ts";

const document = await openDocument("docs/callbacks.md");
const blockWith = document.block;

const secret = `whsec_${Buffer.from("the-secret-of-the-documentation").toString("base64")}`;
const previous = `whsec_${Buffer.from("the-secret-that-was-used-before").toString("base64")}`;

it.each([
  ["one secret", secret],
  ["two secrets, the old one first", `${previous},${secret}`],
])("the receiver that docs/callbacks.md shows verifies, deduplicates and orders with %s", async (_, secrets) => {
  const project = await mkdtemp(join(tmpdir(), "callbacks-example-"));
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  await writeFile(join(project, "receiver.mjs"), blockWith("js", "createServer"));
  const child = spawn(process.execPath, ["receiver.mjs"], {
    cwd: project,
    env: { PATH: process.env["PATH"], PORT: "0", CALLBACK_SECRET: secrets },
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(project, { recursive: true });
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  await until(() => /receiving on port \d+\n/.test(printed));
  const [, port = ""] = /port (\d+)/.exec(printed) ?? [];
  const url = `http://127.0.0.1:${port}/callbacks`;

  const {
    send,
    sandbox,
    url: serverUrl,
  } = await startService({
    environment: { STATUS_CALLBACK_URL: url, WEBHOOK_FORWARD_URL: url, CALLBACK_SECRET: secret },
  });
  const { body } = await send();
  const id = String(body["message_id"]);
  await until(() => printed.includes(`message ${id} is sent\n`));
  const forged = await request(url, {
    method: "POST",
    headers: { "webhook-id": `${id}:9`, "webhook-timestamp": "1763719205", "webhook-signature": "v1,AAAA" },
    body: JSON.stringify({ type: "message.status", data: { message_id: id, version: 9, status: "forged" } }),
  });
  expect(forged.statusCode).toBe(401);
  expect(printed.split("\n").slice(1, -1)).toEqual(
    ["queued", "sending", "sent"].map((status) => `message ${id} is ${status}`),
  );

  connectWebhooks(sandbox, serverUrl);
  sandbox.webhooks.inbound({ phoneNumberId: "106540352242922", from: "+628123456789", text: "Thanks!" });
  await until(() => /^forwarded: \w+$/m.test(printed));
});

it("makes a secret that is accepted, and the settings with the example are too", () => {
  const command = blockWith("sh", "randomBytes");
  expect(command).toContain("node -p");
  const made = execFileSync("bash", ["-c", command], {
    env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}` },
  });
  expect(readSettings({ CALLBACK_SECRET: made.toString() }).isOk()).toBe(true);
  const shown = [...blockWith("sh", "STATUS_CALLBACK_URL=https").matchAll(/^export (\w+)=(.*)$/gm)];
  const settings = Object.fromEntries(shown.map(([, name = "", value = ""]) => [name, value]));
  expect(Object.keys(settings)).toEqual(["STATUS_CALLBACK_URL", "CALLBACK_SECRET"]);
  expect(readSettings(settings).isOk()).toBe(true);
});

it("shows a TENANTS_FILE with a receiver that the server accepts", async () => {
  const folder = await mkdtemp(join(tmpdir(), "callbacks-tenants-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "tenants.yaml");
  await writeFile(path, blockWith("yaml", "status_callback_url"), { mode: 0o600 });
  const file = (await openTenantsFile(path))._unsafeUnwrap();
  await file.close();
  expect(file.callbacks.known("acme")).toMatchObject({ url: "https://acme.example.com/callbacks" });
});

it("names the secret of the sandbox", async () => {
  const sandbox = await startSandbox();
  await sandbox.close();
  expect(document.text).toContain(`\`${sandbox.callbacks.secret}\``);
});

it.each([
  ["POST /callbacks", "StatusEvent"],
  ["POST /whatsapp", "ForwardedWebhook"],
])("shows a %s in the form of the API's document", async (request, schema) => {
  const { components } = await wholeDocument();
  const [head = "", body = ""] = blockWith("http", request).split("\n\n");
  const headers = [...head.matchAll(/^([\w-]+): /gm)].map(([, name]) => name);
  expect(headers).toEqual(["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"]);
  const { faults } = createSchemaCheck(components.schemas);
  expect(faults({ $ref: `#/components/schemas/${schema}` }, JSON.parse(body))).toEqual([]);
});

it("shows how to try a receiver in the sandbox, with settings that are accepted", () => {
  const command = blockWith("sh", "serve --sandbox");
  const [, name = "", value = ""] = /^(\w+)=(\S+) npx message-sender serve --sandbox\n$/.exec(command) ?? [];
  expect(readSettings({ [name]: value, CALLBACK_SECRET: secret }, { sandbox: true })._unsafeUnwrap()).toMatchObject({
    STATUS_CALLBACK_URL: "http://127.0.0.1:4000/callbacks",
  });
});

it("each other block of it is run too", () => {
  expect(document.untested()).toEqual([]);
});
