import type { ClientEvent } from "../events.ts";
import type { createLog } from "../log.ts";
import type { Random } from "../random.ts";
import { type Call, newCall } from "./calls.ts";
import type { ServerProcess } from "./server-process.ts";
import type { Outlet } from "./services.ts";
import { pause } from "./wait.ts";

export interface QueueClientOptions {
  readonly random: Random;
  readonly outlets: readonly Outlet[];
  readonly write: ReturnType<typeof createLog<ClientEvent>>;
}

const enqueuedAtOnce = 100;

/** A client that enqueues messages, and resends failed and unknown ones, through the running process. */
export function createQueueClient({ random, outlets, write }: QueueClientOptions) {
  /** Calls whose acceptance is not confirmed. */
  const open: Call[] = [];
  const resendable: string[] = [];

  async function enqueue(server: ServerProcess, call: Call): Promise<void> {
    const { id, key, tenantId, outletId, conversationId, to, onAmbiguous } = call;
    write({ kind: "asked", call: id, tenantId, by: "queue", ...(key !== undefined && { key }) });
    const answer = await server.execute({
      enqueue: {
        tenantId,
        outletId,
        conversationId,
        to,
        onAmbiguous,
        content: { type: "text", text: { body: "Hello! Your order is ready." } },
        reference: id,
        ttlMs: 600_000,
        ...(key !== undefined && { idempotency: { key } }),
      },
    });
    if (!answer) {
      write({ kind: "lost", call: id });
      if (key !== undefined) open.push(call);
      return;
    }
    const { ok, messageId, error } = answer;
    write({
      kind: "answered",
      call: id,
      status: ok ? 202 : 500,
      ...(messageId !== undefined && { messageId }),
      ...(error !== undefined && { problem: error }),
    });
    if (error === "Unavailable" && key !== undefined) open.push(call);
  }

  async function resolveOne(server: ServerProcess): Promise<void> {
    const messageId = resendable.splice(random.between(0, resendable.length - 1), 1)[0];
    if (messageId === undefined) return;
    const answer = await server.execute({ resolve: { messageId, action: "resend" } });
    if (!answer || answer.error === "Unavailable") resendable.push(messageId);
  }

  async function enqueueMany(server: ServerProcess, count: number): Promise<void> {
    for (let left = count; left > 0; left -= enqueuedAtOnce) {
      const calls = Array.from({ length: Math.min(left, enqueuedAtOnce) }, () => newCall(random, outlets, true));
      await Promise.all(calls.map((call) => enqueue(server, call)));
    }
  }

  return {
    enqueueMany,
    noteResendable: (messageId: string) => void resendable.push(messageId),
    /** Works until the process has ended or `isOver`. */
    async workWith(server: ServerProcess, isOver: () => boolean): Promise<void> {
      const known = open.splice(0);
      const fresh = Array.from({ length: 3 }, () => newCall(random, outlets, random.chance(0.9)));
      await Promise.all([...known, ...fresh].map((call) => enqueue(server, call)));
      while (server.isUp && !isOver()) {
        await pause(100);
        await Promise.all([enqueue(server, newCall(random, outlets, random.chance(0.9))), resolveOne(server)]);
      }
    },
    /** Repeats unanswered calls, and resends every failed or unknown message. */
    async finish(server: ServerProcess): Promise<void> {
      await Promise.all(open.splice(0).map((call) => enqueue(server, call)));
      while (resendable.length > 0 && server.isUp) await resolveOne(server);
    },
  };
}

export type QueueClient = ReturnType<typeof createQueueClient>;
