import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";

import type { TelemetryEvent } from "@message-sender/core/adapter";
import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService } from "@message-sender/server";
import { exitCode, sandboxIds } from "@message-sender/server/process";

import { callApi } from "../api/client.ts";

const quota = 3;

interface Scene {
  readonly title: string;
  readonly to: string;
  readonly text: string;
  /** Sets the faults of WhatsApp for this message. */
  arrange?(sandbox: Sandbox): void;
  readonly expected: { readonly http: number; readonly outcome: string; readonly attempts: number };
}

const scenes: readonly Scene[] = [
  {
    title: "WhatsApp accepts the message at once",
    to: "+628123456789",
    text: "Hello! Your order is ready.",
    expected: { http: 200, outcome: "sent", attempts: 1 },
  },
  {
    title: "WhatsApp fails twice: with HTTP 503, then with its error 131016",
    to: "+628123456790",
    text: "Your courier is on the way.",
    arrange: ({ faults }) => {
      faults.add({ target: "graph", trigger: { next: 1 }, effect: { status: 503 } });
      faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131016 } });
    },
    expected: { http: 200, outcome: "sent", attempts: 3 },
  },
  {
    title: "The number is not on WhatsApp: a permanent error, so there is no retry",
    to: "+628123456791",
    text: "Your receipt is attached.",
    arrange: ({ faults }) => {
      faults.add({ target: "graph", match: { to: "+628123456791" }, effect: { graphError: 131026 } });
    },
    expected: { http: 422, outcome: "message-rejected", attempts: 1 },
  },
  {
    title: `The tenant's quota is ${quota}; the failed message returned its unit, so this one is the third`,
    to: "+628123456792",
    text: "Thank you for your visit.",
    expected: { http: 200, outcome: "sent", attempts: 1 },
  },
  {
    title: "The quota is used up: WhatsApp is not called",
    to: "+628123456793",
    text: "One more thing …",
    expected: { http: 429, outcome: "quota-exceeded", attempts: 0 },
  },
];

/** Shows in a few seconds how messages are sent, without any account. Fails if an outcome is not the expected one. */
export async function demo(): Promise<number> {
  const sandbox = await startSandbox({
    tenants: { [sandboxIds.tenant]: { quota: { limit: quota }, outlets: { [sandboxIds.outlet]: outletCredentials } } },
  });
  const folder = await mkdtemp(join(tmpdir(), "message-sender-demo-"));
  const service = await createService({
    sandbox,
    databaseUrl: `sqlite:${join(folder, "message-sender.db")}`,
    access: "open",
    telemetry: { record: showAttempt },
  });
  const server = await startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
  say(`A server listens on ${server.url}. WhatsApp, the Tenant Service and the Conversation Service are emulated.`);
  say("Nothing leaves this machine.\n");

  const rows: Row[] = [];
  for (const [index, scene] of scenes.entries()) {
    say(styleText("bold", `${index + 1}. ${scene.title}`));
    scene.arrange?.(sandbox);
    rows.push(await play(scene, server.url));
  }
  await service.close();
  await server.close();
  await rm(folder, { recursive: true });

  const stored = sandbox.conversation.messages;
  const conversationIsRight = stored.length === rows.filter(({ http }) => http === 200).length;
  showOutcomes(rows);
  say(styleText("bold", "\nStored by the Conversation Service"));
  for (const message of stored) say(`   ${message.to}  ${message.status}  ${JSON.stringify(message.message)}`);

  const isAsExpected = rows.every(({ asExpected }) => asExpected) && conversationIsRight;
  say(
    isAsExpected
      ? whatNext
      : styleText("red", "\nThe demo did not behave as expected. That is a bug; please report it."),
  );
  return isAsExpected ? exitCode.ok : exitCode.failed;
}

const outletCredentials = { waba_access_token: "EAAdemoToken", phone_number_id: "106540352242922" };

const whatNext = `
Try it yourself:
   npx message-sender serve --sandbox                              run a server with a sandbox
   npx message-sender send --to +628123456789 --text "Hello"       send a message through it, from another terminal
   npx message-sender explain <message_id>                         explain what happened to it, and why
   npx message-sender --help                                       list all commands
`;

interface Row {
  readonly to: string;
  readonly http: number;
  readonly outcome: string;
  readonly attempts: number;
  readonly asExpected: boolean;
}

async function play({ to, text, expected }: Scene, serverUrl: string): Promise<Row> {
  say(`   POST /api/v1/messages/send  ${JSON.stringify({ to, message: text })}`);
  const { status: http, body } = (
    await callApi(
      { url: serverUrl },
      {
        path: "/api/v1/messages/send",
        body: {
          tenant_id: sandboxIds.tenant,
          outlet_id: sandboxIds.outlet,
          conversation_id: sandboxIds.conversation,
          to,
          message: text,
          message_type: "text",
        },
      },
    )
  )._unsafeUnwrap();
  const outcome = http === 200 ? String(body["status"]) : String(body["type"]).replace("/problems/", "");
  const attempts = await attemptsOf(body["message_id"], serverUrl);
  say(`   → ${http} ${outcome}${http === 200 ? "" : `: ${String(body["detail"])}`}\n`);
  const asExpected = http === expected.http && outcome === expected.outcome && attempts === expected.attempts;
  return { to, http, outcome, attempts, asExpected };
}

async function attemptsOf(messageId: unknown, serverUrl: string): Promise<number> {
  if (typeof messageId !== "string") return 0;
  const { body } = (await callApi({ url: serverUrl }, { path: `/api/v1/messages/${messageId}` }))._unsafeUnwrap();
  return Array.isArray(body["attempts"]) ? body["attempts"].length : 0;
}

function showAttempt(event: TelemetryEvent): void {
  if (event.kind !== "AttemptEnded") return;
  const { number, durationMs, reason } = event.attempt;
  const wait = event.nextAttemptAt ? Math.max(0, event.nextAttemptAt.getTime() - Date.now()) / 1000 : undefined;
  const next = wait === undefined ? "" : styleText("yellow", `  retry in ${wait.toFixed(1)} s`);
  say(styleText("dim", `   attempt ${number}  ${durationMs} ms  ${reason}`) + next);
}

function showOutcomes(rows: readonly Row[]): void {
  say(styleText("bold", "   to             HTTP  outcome           attempts"));
  for (const { to, http, outcome, attempts, asExpected } of rows) {
    const mark = asExpected ? styleText("green", "✓") : styleText("red", "✗");
    say(`${mark}  ${to.padEnd(15)}${String(http).padEnd(6)}${outcome.padEnd(18)}${attempts}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
