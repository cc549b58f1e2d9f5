import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";

import { loggedMessages } from "../../../tools/log-fields/log-fields.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { openDocument } from "../../support/documented-blocks.ts";
import { order, startService } from "../../support/running-service.ts";
import { runShell } from "../../support/shell.ts";
import { root } from "../../../tools/readmes/examples.ts";

const document = await openDocument("docs/operate.md");

/** The text under a heading, up to the next one of its level or above. */
function section(heading: string): string {
  const [, level = "", rest = ""] = new RegExp(`^(#+) ${heading}\\n([\\s\\S]*)`, "m").exec(document.text) ?? [];
  return rest.split(new RegExp(`^#{1,${level.length}} `, "m"))[0] ?? "";
}

describe.each(["MessageSenderOutboxLate", "MessageSenderOutboxDead"])("the section of %s", (alert) => {
  const rows = [...section(alert).matchAll(/^\| `(\w+)` \|(.*)$/gm)];

  it("has a row for each topic, with a line that is logged", async () => {
    expect([...new Set(rows.map(([, topic]) => topic))]).toEqual(["history", "webhook", "status"]);
    const messages = await loggedMessages();
    for (const [row, topic, cells = ""] of rows) {
      const named = [...cells.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
      expect(
        named.some((text) => messages.has(text)),
        `${topic}: ${row}`,
      ).toBe(true);
    }
  });
});

it("its commands decide about messages whose outcome is unknown", async () => {
  const { send, sandbox, get, url } = await startService({ environment: { ON_AMBIGUOUS: "hold" } });
  const commands = document.block("sh", "message-sender resolve").trim().split("\n");
  const statuses: unknown[] = [];
  for (const command of commands) {
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { reset: "after" } });
    const { status, body } = await send();
    expect(status).toBe(504);
    const id = String(body["message_id"]);
    const [, ...args] = command.replace("npx message-sender ", "").replace("<message_id>", id).split(" ");
    await runInProcess(["resolve", ...args], { MESSAGE_SENDER_URL: url });
    await expect.poll(async () => (await get(`/api/v1/messages/${id}/status`)).body["status"]).not.toBe("queued");
    statuses.push((await get(`/api/v1/messages/${id}/status`)).body["status"]);
  }
  expect(statuses).toEqual(["sent", "failed"]);
});

it("its requests count messages, and list and forward webhooks", async () => {
  const forwarding = {
    WEBHOOK_FORWARD_URL: "http://127.0.0.1:9",
    CALLBACK_SECRET: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  };
  const { send, url } = await startService({ environment: forwarding });
  await send({ ...order, tenant_id: "acme" });
  const answers = await Promise.all(
    ["/api/v1/usage", "/api/v1/webhooks?", "-X POST"].map(async (part) => {
      const command = document.block("sh", part).replace("http://127.0.0.1:3000", url);
      return JSON.parse(await runShell(command)) as object;
    }),
  );
  expect(answers).toMatchObject([
    { counts: [{ status: "sent" }] },
    { webhooks: [], next_cursor: null },
    { matched: 0, queued: 0 },
  ]);
});

it("doctor --json has the form of its example", async () => {
  const example = JSON.parse(document.block("json", '"checks"')) as { checks: readonly object[]; store: object };
  const folder = mkdtempSync(join(tmpdir(), "message-sender-operate-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const settings = { DATABASE_URL: `sqlite:${join(folder, "message-sender.db")}` };
  const { stdout } = await runInProcess(["doctor", "--json"], settings).catch((failed: { stdout: string }) => failed);
  const { checks, store, ...others } = JSON.parse(stdout) as typeof example;
  expect(others).toEqual({});
  expect(Object.keys(store)).toEqual(Object.keys(example.store));
  expect(new Set([...checks, ...example.checks].map((check) => Object.keys(check).join()))).toEqual(
    new Set(["name,status,problem,advice"]),
  );
});

it("the list of what the command contains is where it says", async () => {
  expect(await runShell(`cd ${root}\n${document.block("sh", "LICENSES.txt")}`)).toMatch(
    /^undici \d+\.\d+\.\d+, MIT\n$/,
  );
});

it("its other blocks are valid, or have a test of their own", async () => {
  const { scrape_configs: jobs } = parse(document.block("yaml", "scrape_configs")) as { scrape_configs: object[] };
  expect(jobs).toMatchObject([{ job_name: "message-sender", static_configs: [{ targets: ["127.0.0.1:3000"] }] }]);
  await document.leaveTo("tests/system/commands/restore.test.ts", "sh", "message-sender restore");
  await document.leaveTo("tests/system/stores/postgres-dump.test.ts", "sh", "pg_dump");
  await document.leaveTo("tests/system/stores/postgres-dump.test.ts", "sh", "psql");
  await document.leaveTo("tests/system/telemetry/trace-setup.test.ts", "js", "tracing.mjs");
  await document.leaveTo("tests/system/telemetry/trace-setup.test.ts", "sh", "@opentelemetry");
  expect(document.untested()).toEqual([]);
});
