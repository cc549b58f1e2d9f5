import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { expect, it, onTestFinished } from "vitest";

import { bytes, mediaForm } from "../../support/media-form.ts";
import { order } from "../../support/running-service.ts";
import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { serveHere } from "../../support/serve-here.ts";
import { post } from "../../support/serve-process.ts";

const rules = {
  131026: { class: "transient", maybe_processed: false, advice: "Our own advice." },
  999999: { class: "policy", title: "a rule of our own" },
};

async function rulesFile(content: unknown): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "error-rules-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "rules.json");
  await writeFile(path, JSON.stringify(content));
  return path;
}

it("a server applies its own rules to sends, read receipts, uploads and webhooks", async () => {
  const sandbox = await startSandbox({ webhooks: { statuses: ["sent"] } });
  onTestFinished(() => sandbox.close());
  const { url } = await serveHere({
    GRAPH_API_URL: sandbox.graphUrl,
    TENANT_SERVICE_URL: sandbox.tenantUrl,
    ERROR_RULES_FILE: await rulesFile(rules),
    RETRY_SCHEDULE_MS: "0,10",
    WHATSAPP_APP_SECRET: "app-secret",
    WHATSAPP_VERIFY_TOKEN: "verify",
  });
  sandbox.webhooks.target({ url: `${url}/webhooks/whatsapp`, appSecret: "app-secret" });
  const json = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    return request(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  };

  const once = sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131026 } });
  sandbox.webhooks.fail(() => true, 131026);
  const sent = await post(url);
  expect([sent.statusCode, once.hits]).toEqual([200, 1]);
  const { message_id } = (await sent.body.json()) as { message_id: string };
  const advice = async () => {
    const status = await request(`${url}/api/v1/messages/${message_id}/status`);
    return ((await status.body.json()) as { failure?: { advice?: string } }).failure?.advice;
  };
  await expect.poll(advice).toBe("Our own advice.");

  const { tenant_id, outlet_id } = order;
  const read = { tenant_id, outlet_id, whatsapp_message_id: "wamid.1" };
  sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 999_999, status: 500 } });
  const receipt = await json("/api/v1/messages/read", read);
  expect([receipt.statusCode, await receipt.body.text()]).toEqual([422, expect.stringContaining("999999")]);

  sandbox.faults.add({ target: "graph.media", trigger: { next: 1 }, effect: { graphError: 999_999, status: 500 } });
  const form = mediaForm(bytes(1000));
  const upload = { method: "POST", headers: form.headers, body: Readable.from(form.body) } as const;
  const uploaded = await request(`${url}/api/v1/media`, upload);
  expect([uploaded.statusCode, await uploaded.body.text()]).toEqual([422, expect.stringContaining("999999")]);
});

it("an invalid file prevents the start, and doctor reports it too", async () => {
  const environment = {
    TENANT_SERVICE_URL: "http://127.0.0.1:9",
    ERROR_RULES_FILE: await rulesFile({ 131026: { class: "nonsense" } }),
  };
  const reason = `${environment.ERROR_RULES_FILE}: 131026.class must be one of transient, throttled`;
  await expect(serveHere(environment)).rejects.toThrow(`errorRulesFile: ${reason}`);
  const examined = await failureOf(runInProcess(["doctor"], environment));
  expect(examined.stdout).toContain(`FAIL  ERROR_RULES_FILE: ${reason}`);
  const shown = await runInProcess(["config"], environment);
  expect(shown.stdout).toContain(`ERROR_RULES_FILE=${environment.ERROR_RULES_FILE}\n`);
});
