import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";
import { startService, until } from "../../support/running-service.ts";

const secret = `whsec_${Buffer.from("the-secret-of-the-documentation").toString("base64")}`;

it("the receiver that docs/callbacks.md shows verifies, deduplicates and orders", async () => {
  const text = await readFile(join(root, "docs/callbacks.md"), "utf8");
  const [, code = ""] = /```js\n(.*?)```/s.exec(text) ?? [];
  const project = await mkdtemp(join(tmpdir(), "callbacks-example-"));
  await symlink(join(root, "node_modules"), join(project, "node_modules"));
  await writeFile(join(project, "receiver.mjs"), code);
  const child = spawn(process.execPath, ["receiver.mjs"], {
    cwd: project,
    env: { PATH: process.env["PATH"], PORT: "0", CALLBACK_SECRET: secret },
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

  const { send } = await startService({ environment: { STATUS_CALLBACK_URL: url, CALLBACK_SECRET: secret } });
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
});
