import { randomUUID } from "node:crypto";

import type { ClientEvent } from "../events.ts";
import type { createLog } from "../log.ts";
import type { Random } from "../random.ts";
import { bodyOf, type Call, newCall } from "./calls.ts";
import type { Outlet } from "./services.ts";
import { pause } from "./wait.ts";

export interface ClientsOptions {
  readonly random: Random;
  readonly outlets: readonly Outlet[];
  readonly write: ReturnType<typeof createLog<ClientEvent>>;
  readonly url: string;
  readonly isUp: () => boolean;
  /** Called for messages that failed or whose outcome is unknown. */
  readonly onResendable: (messageId: string) => void;
}

const clientCount = 12;
const triesOfCall = 12;

/** Clients of the API that repeat requests with a key until they get an answer. */
export function startClients(options: ClientsOptions) {
  const { random, outlets, isUp } = options;
  let stopped = false;

  async function client(): Promise<void> {
    while (!stopped) {
      const call = newCall(random, outlets, random.chance(0.85));
      for (let tries = 0; tries < triesOfCall; tries += 1) {
        while (!isUp() && !stopped) await pause(20);
        const answered = await ask(options, call);
        if (answered || call.key === undefined || (stopped && tries > 3)) break;
        await pause(random.between(50, 300));
      }
      await pause(random.between(30, 120));
    }
  }

  const clients = Array.from({ length: clientCount }, client);
  return {
    /** Resolves when each client has its answer. */
    async stop(): Promise<void> {
      stopped = true;
      await Promise.all(clients);
    },
  };
}

type AskOptions = Pick<ClientsOptions, "write" | "url" | "onResendable">;

/** Whether the answer is final for the client. */
export async function ask({ write, url, onResendable }: AskOptions, call: Call): Promise<boolean> {
  const { id, key, tenantId } = call;
  const trace = randomUUID().replaceAll("-", "");
  write({ kind: "asked", call: id, trace, tenantId, by: "http", ...(key !== undefined && { key }) });
  try {
    const answer = await fetch(`${url}/api/v1/messages/send`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        traceparent: `00-${trace}-${trace.slice(16)}-01`,
        ...(key !== undefined && { "idempotency-key": key }),
      },
      body: JSON.stringify(bodyOf(call)),
      signal: AbortSignal.timeout(120_000),
    });
    const body = (await answer.json()) as {
      message_id?: string;
      message_status?: string;
      status?: string;
      type?: string;
    };
    const { message_id: messageId } = body;
    const messageStatus = answer.ok ? body.status : body.message_status;
    write({
      kind: "answered",
      call: id,
      trace,
      status: answer.status,
      ...(messageId !== undefined && { messageId }),
      ...(messageStatus !== undefined && { messageStatus }),
      ...(!answer.ok && body.type !== undefined && { problem: body.type }),
    });
    if (messageId !== undefined && mayBeResent(answer.status, messageStatus)) onResendable(messageId);
    return answer.status !== 409 && answer.status !== 503;
  } catch (error) {
    const how = error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "reset";
    write({ kind: "lost", call: id, trace, how });
    return false;
  }
}

/** Whether a message is unknown, or failed at a final refusal or at every attempt. */
function mayBeResent(status: number, messageStatus: string | undefined): boolean {
  return messageStatus === "unknown" || (messageStatus === "failed" && (status === 422 || status === 500));
}
