import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { openTenantsFile } from "@message-sender/http-adapter/outbound";
import { connectWebhooks } from "@message-sender/server";
import { readSettings } from "@message-sender/server/settings";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { codeBlocks } from "../../../tools/readmes/code-blocks.ts";
import { root } from "../../../tools/readmes/examples.ts";
import { startService, until } from "../../support/running-service.ts";

const document = await readFile(join(root, "docs/callbacks.md"), "utf8");
const blockWith = (language: string, text: string) =>
  codeBlocks(document).find((block) => block.language === language && block.text.includes(text))?.text ?? "";

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
  expect(document).toContain(`\`${sandbox.callbacks.secret}\``);
});
