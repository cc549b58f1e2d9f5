import { randomUUID } from "node:crypto";

import { Pool } from "undici";

import { pause } from "../../crash/driver/wait.ts";
import type { Point } from "../point.ts";
import { describeSeen } from "../rules.ts";
import { openWorld } from "../world/world.ts";

const perSecond = 200;
const loadMs = 1500;
const exitLimitMs = 25_000;
const perSecondOfEach = 20;

/** Half of the messages wait for their answer, half are queued, while the server is told to end. */
export const sigterm: Point = {
  title: `SIGTERM under ${perSecond} messages a second`,
  async run(options) {
    const seen: string[] = [];
    const violations: string[] = [];
    const rounds = options.short ? 3 : 20;
    const world = await openWorld({ ...options, store: options.store ?? "sqlite", limitPerSecond: 1000 });
    try {
      const exitMs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const startedAt = new Date();
        const server = await world.startServer();
        const pool = new Pool(server.url, { connections: 256 });
        const statuses = new Map<number, number>();
        let isOver = false;
        const sending = (async () => {
          const all: Promise<void>[] = [];
          for (let number = 0; !isOver; number += 1) {
            all.push(send(pool, number, statuses));
            await pause(1000 / perSecond);
          }
          await Promise.all(all);
        })();
        await pause(loadMs);
        const endedAt = performance.now();
        server.signal("SIGTERM");
        const { code, signal } = await server.ended;
        exitMs.push(performance.now() - endedAt);
        isOver = true;
        await sending;
        await pool.destroy();
        if (code !== 0) violations.push(`round ${round}: the server ended with ${code ?? signal}`);
        const next = await world.startServer();
        const found = await unclearSince(next.url, startedAt);
        if (found > 0) violations.push(`round ${round}: ${found} messages are unknown or had an ambiguous attempt`);
        next.signal("SIGTERM");
        await next.ended;
        if (round === rounds - 1)
          seen.push(`answers of the last round: ${JSON.stringify(Object.fromEntries(statuses))}`);
      }
      const most = Math.max(...exitMs);
      if (most > exitLimitMs) violations.push(`a server took ${Math.round(most)} ms to end`);
      const found = await world.services.seen();
      if (found.repeated.length > 0) violations.push(`${found.repeated.length} messages were accepted more than once`);
      seen.push(`${rounds} ends took up to ${Math.round(most)} ms`, ...describeSeen(found));
    } finally {
      await world.close();
    }
    return { seen, violations };
  },
};

async function send(pool: Pool, number: number, statuses: Map<number, number>): Promise<void> {
  const isQueued = number % 2 === 1;
  const answer = await pool
    .request({
      method: "POST",
      path: "/api/v1/messages/send",
      headers: {
        "content-type": "application/json",
        "idempotency-key": randomUUID(),
        ...(isQueued && { prefer: "respond-async" }),
      },
      body: JSON.stringify({
        tenant_id: "tenant-a",
        outlet_id: `outlet-${number % (perSecond / perSecondOfEach)}`,
        conversation_id: `conversation-${number}`,
        to: `+6599${String(number).padStart(7, "0")}`,
        message: "0",
        message_type: "text",
      }),
    })
    .catch(() => undefined);
  if (!answer) return;
  await answer.body.dump();
  statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
}

interface Shown {
  readonly status: string;
  readonly attempts: readonly { readonly outcome: string }[];
}

interface Page {
  readonly messages: readonly Shown[];
  readonly next_cursor: string | null;
}

/** How many messages since then had an attempt without an answer. Waits until each has ended. */
async function unclearSince(url: string, since: Date): Promise<number> {
  for (;;) {
    const messages = await messagesSince(url, since);
    if (messages.some(({ status }) => status === "queued" || status === "sending")) await pause(200);
    else return messages.filter(isUnclear).length;
  }
}

async function messagesSince(url: string, since: Date): Promise<readonly Shown[]> {
  const all: Shown[] = [];
  let cursor: string | null = "";
  do {
    const query = new URLSearchParams({ since: since.toISOString(), limit: "100", ...(cursor !== "" && { cursor }) });
    const answer = await fetch(`${url}/api/v1/messages?${query.toString()}`);
    const page = (await answer.json()) as Page;
    all.push(...page.messages);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}

function isUnclear({ status, attempts }: Shown): boolean {
  return status === "unknown" || attempts.some(({ outcome }) => outcome === "ambiguous");
}
