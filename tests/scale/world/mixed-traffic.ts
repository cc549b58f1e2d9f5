import { randomUUID } from "node:crypto";

import { Pool } from "undici";

import type { ServerProcess } from "../../crash/driver/server-process.ts";
import { pause } from "../../crash/driver/wait.ts";

export interface MixedTrafficOptions {
  readonly perSecond: number;
  /** They take turns. Each sends from its own number. */
  readonly outlets: number;
}

/** What the server answered. */
export interface Answers {
  /** How often each status was answered, or each error prevented an answer. */
  readonly counts: ReadonlyMap<string, number>;
  /** The messages that it reported as sent or queued. */
  readonly acceptedIds: readonly string[];
}

const tickMs = 2;

/** Sends messages to a server at a steady rate: half of the calls wait for their result, half queue their message. */
export function startMixedTraffic(server: ServerProcess, { perSecond, outlets }: MixedTrafficOptions) {
  const pool = new Pool(server.url, { connections: 256 });
  const counts = new Map<string, number>();
  const acceptedIds: string[] = [];
  let isOver = false;

  async function send(number: number): Promise<void> {
    const turn = Math.floor(number / 2);
    const answered = await pool
      .request({
        method: "POST",
        path: "/api/v1/messages/send",
        headers: {
          "content-type": "application/json",
          "idempotency-key": randomUUID(),
          ...(number % 2 === 1 && { prefer: "respond-async" }),
        },
        body: JSON.stringify({
          tenant_id: "tenant-a",
          outlet_id: `outlet-${turn % outlets}`,
          conversation_id: `conversation-${number}`,
          to: `+6599${String(number).padStart(7, "0")}`,
          // Its place in the order, after what earlier traffic has sent to this recipient.
          message: String(Date.now()),
          message_type: "text",
        }),
      })
      .then(async ({ statusCode, body }) => ({ name: String(statusCode), text: await body.text() }))
      .catch((error: NodeJS.ErrnoException) => ({ name: error.code ?? error.name, text: "" }));
    counts.set(answered.name, (counts.get(answered.name) ?? 0) + 1);
    if (answered.name !== "200" && answered.name !== "202") return;
    acceptedIds.push((JSON.parse(answered.text) as { readonly message_id: string }).message_id);
  }

  async function sendAll(): Promise<void> {
    const startedMs = performance.now();
    const calls: Promise<void>[] = [];
    while (!isOver) {
      const due = ((performance.now() - startedMs) / 1000) * perSecond;
      while (calls.length < due) calls.push(send(calls.length));
      await pause(tickMs);
    }
    await Promise.all(calls);
  }

  const sending = sendAll();
  return {
    /** Sends nothing more, and resolves once every call has ended. */
    async stop(): Promise<Answers> {
      isOver = true;
      await sending;
      await pool.destroy();
      return { counts, acceptedIds };
    },
  };
}
