import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { type Conduct, faultsIn, startCallbackReceiver } from "../../support/callback-receiver.ts";
import { isLongForm } from "../../support/long-form.ts";
import { usePostgres } from "../../support/postgres.ts";
import { order, until } from "../../support/running-service.ts";
import { serve, settingsFor } from "../../support/serve-process.ts";

const count = isLongForm ? 1000 : 24;
/** A call that repeats the key of a killed process waits until that process is presumed dead: 45 s on PostgreSQL. */
const patienceMs = 240_000 + count * 600;
/** After which messages the server is killed. */
const kills = (isLongForm ? [1 / 3, 2 / 3] : [1 / 2]).map((share) => Math.floor(share * count));
const secret = `whsec_${Buffer.from("the-secret-of-the-callbacks-test").toString("base64")}`;
const appSecret = "app-secret-of-the-test";
const postgres = usePostgres();

const stores: readonly [name: string, url: () => Promise<string> | string][] = [
  [
    "SQLite",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "message-sender-callbacks-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      return `sqlite:${join(folder, "store.db")}`;
    },
  ],
  ["PostgreSQL", () => postgres.url],
];

/** Shorter with few messages: each event that meets it is retried a second later, then five. */
const awayMs = isLongForm ? 5000 : 500;

/** Fails every third request, is away for a while in between, and heals once enough requests came. */
function failingAtFirst(): Conduct {
  let backAt: number | undefined;
  return (number) => {
    if (number > 4 * count) return 204;
    if (number > count) backAt ??= performance.now() + awayMs;
    if (backAt !== undefined && performance.now() < backAt) return "away";
    return number % 3 === 0 ? 503 : 204;
  };
}

describe.each(stores)("on %s", (_, databaseUrl) => {
  it(
    `a killed server loses none of the callbacks of ${count} messages, each version in its order`,
    { timeout: 2 * patienceMs },
    async () => {
      const sandbox = await startSandbox({ webhooks: { delayMs: 50 } });
      onTestFinished(() => sandbox.close());
      const receiver = await startCallbackReceiver(secret, failingAtFirst());
      const environment = {
        ...settingsFor(sandbox),
        DATABASE_URL: await databaseUrl(),
        WHATSAPP_APP_SECRET: appSecret,
        WHATSAPP_VERIFY_TOKEN: "verify",
        STATUS_CALLBACK_URL: receiver.url,
        CALLBACK_SECRET: secret,
        CALLBACK_ALLOW_PRIVATE: "on",
        LOG_LEVEL: "silent",
      };
      let server = await serve([], environment);
      const { port } = new URL(server.url);
      sandbox.webhooks.target({ url: `${server.url}/webhooks/whatsapp`, appSecret });

      const ids = new Set<string>();
      let sent = 0;
      let restarted = Promise.resolve();

      async function restart(): Promise<void> {
        server.child.kill("SIGKILL");
        await server.closed;
        server = await serve([], { ...environment, PORT: port });
      }

      async function sendOne(index: number): Promise<void> {
        const headers = {
          "content-type": "application/json",
          "idempotency-key": `message-${index}`,
        };
        const body = JSON.stringify({ ...order, conversation_id: randomUUID(), reference: `message-${index}` });
        for (;;) {
          const answer = await request(`http://127.0.0.1:${port}/api/v1/messages/send`, {
            method: "POST",
            headers,
            body,
          })
            .then(async ({ statusCode, body: said }) => ({
              statusCode,
              said: (await said.json()) as { message_id?: string },
            }))
            .catch(() => undefined);
          const id = answer?.said.message_id;
          if (id !== undefined) ids.add(id);
          if (answer?.statusCode === 400) throw new Error(JSON.stringify(answer.said));
          if (answer && (answer.statusCode === 200 || answer.statusCode === 202)) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }

      async function work(): Promise<void> {
        while (sent < count) {
          sent += 1;
          const sending = sendOne(sent);
          if (kills.includes(sent)) restarted = restarted.then(restart);
          await sending;
        }
      }
      await Promise.all(Array.from({ length: 10 }, work));
      await restarted;

      // The sandbox reports each message as sent, delivered and read; what was lost in a kill is in the record.
      const versions = new Map<string, number>();
      async function look(): Promise<boolean> {
        for (const id of new Set([...ids, ...receiver.taken.map(({ data }) => data.message_id)])) {
          const { body } = await request(`http://127.0.0.1:${port}/api/v1/messages/${id}/status`);
          const { version, status } = (await body.json()) as { version: number; status: string };
          // A kill before the first byte ends a message. Its caller learns the id of another one when it repeats the key.
          if (!ids.has(id)) expect(status).toBe("failed");
          versions.set(id, version);
        }
        return faultsIn(receiver.taken, versions).length === 0;
      }
      const deadline = performance.now() + patienceMs;
      while (!(await look()) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 500));
      expect(faultsIn(receiver.taken, versions)).toEqual([]);
      expect(receiver.refused).toEqual([]);
      expect(ids.size).toBeGreaterThanOrEqual(count);
      // Each message was seen to be sent at least, or what WhatsApp reported of it later: the callbacks are not just those of its accept.
      const seenSent = () => receiver.taken.filter(({ data }) => ["sent", "delivered", "read"].includes(data.status));
      await until(() => new Set(seenSent().map(({ data }) => data.message_id)).size >= count);
    },
  );
});
