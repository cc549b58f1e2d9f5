import { Hono } from "hono";

import { type BoundedLog, createBoundedLog } from "../collections/bounded-log.ts";
import type { Exchange } from "../faults/exchange.ts";
import { type Answer, type Env, problem } from "../http/answer.ts";
import { type Draft, recordOf, type RecordedRequest } from "../http/request-record.ts";
import { isRecord } from "../json/records.ts";
import { isSigned } from "./callback-signature.ts";

/** A status callback, as it came in. */
export interface CallbackRequest extends RecordedRequest {
  /** `<message_id>:<version>`: the same for each delivery of one event. */
  readonly webhookId?: string;
  /** Whether it was signed with the receiver's secret. One that was not is answered with 401. */
  readonly isSigned: boolean;
}

/** An event that the receiver has taken. */
export interface CallbackEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  /** `message_id`, `version`, `status` and the other fields of the event. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a platform receives the status callbacks of its messages. */
export interface CallbackReceiver {
  readonly app: Hono<Env>;
  readonly log: BoundedLog<CallbackRequest>;
  /** What was taken, repeats included, in the order of arrival. */
  readonly events: BoundedLog<CallbackEvent>;
  reset(): void;
}

interface CallbackReceiverDeps {
  readonly exchange: Exchange;
  readonly keep: number;
}

/** Everybody may know it: a sandbox has no secrets. */
export const callbackSecret = `whsec_${Buffer.from("the-sandbox-has-no-secrets").toString("base64")}`;

const taken: Answer = { status: 204, headers: {}, body: null };

export function createCallbackReceiver({ exchange, keep }: CallbackReceiverDeps): CallbackReceiver {
  const app = new Hono<Env>();
  const log = createBoundedLog<CallbackRequest>(keep);
  const events = createBoundedLog<CallbackEvent>(keep);

  function take({ body, isSigned: isValid, webhookId: id = "" }: CallbackRequest): Answer {
    if (!isValid) return problem(401, "Unauthorized", "The signature is missing or wrong.");
    const { type, timestamp, data } = isRecord(body) ? body : {};
    if (typeof type !== "string" || typeof timestamp !== "string" || !isRecord(data)) {
      return problem(400, "Bad request", "An event has a type, a timestamp and data.");
    }
    events.add({ id, type, timestamp, data });
    return taken;
  }

  app.post("/callbacks", (c) => {
    const entry: Draft<CallbackRequest> = { ...recordOf(c), isSigned: false };
    const id = c.req.header("webhook-id");
    if (id !== undefined) entry.webhookId = id;
    log.add(entry);
    const tenantId = c.req.query("tenant_id");
    return exchange(c, {
      target: "callbacks",
      facts: tenantId === undefined ? {} : { tenantId },
      entry,
      answer: take,
      async readBody() {
        const text = await c.req.text();
        entry.rawBody = text;
        entry.isSigned = isSigned(text, entry.headers, callbackSecret);
        return parsed(text);
      },
    });
  });

  function reset(): void {
    log.clear();
    events.clear();
  }

  return { app, log, events, reset };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
