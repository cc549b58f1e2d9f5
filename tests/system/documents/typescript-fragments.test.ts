import { EventEmitter, once } from "node:events";
import { stripTypeScriptTypes } from "node:module";

import { statusOf } from "@message-sender/core";
import { startSandbox } from "@message-sender/emulator";
import { createGraphTransport } from "@message-sender/http-adapter/outbound";
import { createService, type Service } from "@message-sender/server";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";

import { openDocument } from "../../support/documented-blocks.ts";
import { usePostgres } from "../../support/postgres.ts";

const postgres = usePostgres();
const command = { tenantId: "acme", outletId: "main", conversationId: "c-1", to: "+628123456789" } as const;
const hello = { ...command, content: { type: "text", text: { body: "Hello" } } } as const;

/** Runs a block that is no program of its own: what it imports and takes from around it is in `scope`. Gives the value of `result`. */
async function run(code: string, scope: Readonly<Record<string, unknown>>, result = "undefined"): Promise<unknown> {
  const own = `${stripTypeScriptTypes(code.replaceAll(/^import .*\n/gm, ""))}\nreturn ${result};`;
  const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...values: unknown[]) => unknown;
  return new AsyncFunction(...Object.keys(scope), own)(...Object.values(scope));
}

async function startService(): Promise<Service> {
  const service = await createService({ sandbox: await startSandbox() });
  onTestFinished(service.close);
  return service;
}

it("docs/callbacks.md: a listener gets each change, and the record has the same words", async () => {
  const document = await openDocument("docs/callbacks.md");
  const { sender } = await startService();
  const lines: unknown[][] = [];
  const scope = { sender, statusOf, console: { log: (...line: unknown[]) => void lines.push(line) } };
  const stop = await run(document.block("ts", "sender.onStatus"), scope, "stop");
  const { id: messageId } = (await sender.send(hello))._unsafeUnwrap().message;
  await expect.poll(() => lines).toContainEqual([messageId, expect.any(Number), "sent"]);
  (stop as () => void)();
  lines.length = 0;
  await run(document.block("ts", "sender.find(messageId)"), { ...scope, messageId });
  expect(lines).toEqual([["sent"]]);
});

it("docs/embed.md: a service on PostgreSQL with the services of a platform, and its end", async () => {
  const document = await openDocument("docs/embed.md");
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const example = document
    .block("ts", "postgres://message_sender:secret")
    .replace(/"postgres:[^"]*"/, JSON.stringify(postgres.url))
    .replace("https://tenants.internal", sandbox.tenantUrl)
    .replace("https://conversations.internal", sandbox.conversationUrl)
    .replace("logger:", `graphUrl: ${JSON.stringify(sandbox.graphUrl)}, logger:`);
  const scope = { createService, pino: () => pino({ level: "silent" }) };
  const secrets = { serviceToken: "token", appSecret: "app-secret", verifyToken: "verify" };
  const service = (await run(example, { ...scope, ...secrets }, "{ sender, app, close }")) as Service;
  expect((await service.sender.send(hello)).isOk()).toBe(true);
  expect((await service.app.request("/healthz")).status).toBe(200);

  const signals = new EventEmitter();
  const process = Object.assign(signals, { exit: (code: number) => signals.emit("exited", code) });
  await run(document.block("ts", 'process.once("SIGTERM"'), { process, service });
  const exited = once(signals, "exited");
  signals.emit("SIGTERM");
  expect(await exited).toEqual([0]);
  expect((await service.sender.send(hello)).isErr()).toBe(true);
});

it("docs/migrate-from-your-own-sender.md: what is migrated from sends", async () => {
  const document = await openDocument("docs/migrate-from-your-own-sender.md");
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const code = document.block("ts", "async function sendText").replace("https://graph.facebook.com", sandbox.graphUrl);
  const process = { env: { PHONE_NUMBER_ID: "106540352242922", TOKEN: "EAAtoken" } };
  const sent = await run(code, { process }, 'sendText("628123456789", "Hello")');
  expect(sent).toMatch(/^wamid\./);
  expect(sandbox.graph.messageCount).toBe(1);
});

it("docs/errors.md: rules of one's own describe a failure", async () => {
  const document = await openDocument("docs/errors.md");
  const lines: unknown[] = [];
  const console = { log: (line: unknown) => void lines.push(line) };
  await run(document.block("ts", "errorRules"), { createGraphTransport, console });
  const [, printed] = /^It prints `(.*)`\.$/m.exec(document.text) ?? [];
  expect(lines).toEqual([printed]);
});
