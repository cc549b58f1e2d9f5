import { type Context, Hono } from "hono";
import { z } from "#zod";

import { type BoundedLog, createBoundedLog } from "../collections/bounded-log.ts";
import type { Exchange } from "../faults/exchange.ts";
import { type Answer, type Env, json, problem } from "../http/answer.ts";
import { bearerOf, type Draft, recordOf, type RecordedRequest } from "../http/request-record.ts";
import { type ConversationMessage, type Conversations, entrySchema } from "./conversations.ts";

/** A request to the Conversation Service. */
export interface ConversationRequest extends RecordedRequest {
  /** Absent on a batch. */
  readonly conversationId?: string;
  readonly idempotencyKey?: string;
}

export interface ConversationService {
  readonly app: Hono<Env>;
  readonly log: BoundedLog<ConversationRequest>;
}

interface ConversationServiceDeps {
  readonly exchange: Exchange;
  readonly conversations: () => Conversations;
  readonly keep: number;
  /** false: batches are answered with 404. */
  readonly batch: boolean;
  /** The status, without a body, that confirms what was stored; undefined: 201 or 207, with a body. */
  readonly storedStatus: number | undefined;
  readonly serviceToken: string | undefined;
}

type Handle = (entry: Draft<ConversationRequest>) => Answer;

const batchSchema = z.object({ messages: z.array(z.looseObject({})).min(2).max(100) });
const batchEntrySchema = entrySchema.extend({ conversation_id: z.string().min(1) });

export function createConversationService(deps: ConversationServiceDeps): ConversationService {
  const { exchange, conversations, keep } = deps;
  const app = new Hono<Env>();
  const log = createBoundedLog<ConversationRequest>(keep);

  function run(c: Context<Env>, conversationId: string | undefined, handle: Handle) {
    const entry: Draft<ConversationRequest> = recordOf(c);
    const key = c.req.header("idempotency-key");
    if (conversationId !== undefined) entry.conversationId = conversationId;
    if (key !== undefined) entry.idempotencyKey = key;
    log.add(entry);
    const answer: Handle =
      deps.serviceToken === undefined || bearerOf(entry) === deps.serviceToken
        ? handle
        : () => problem(401, "Unauthorized");
    return exchange(c, { target: "conversation", facts: {}, entry, answer });
  }

  app.post("/api/v1/conversations/:conversationId/messages", (c) => run(c, c.req.param("conversationId"), storeOne));

  app.post("/api/v1/conversations/messages/batch", (c) => run(c, undefined, storeMany));

  app.get("/api/v1/conversations/:conversationId/messages", (c) =>
    c.json({ messages: conversations().of(c.req.param("conversationId")) }),
  );

  function storeOne({ conversationId = "", idempotencyKey, body }: ConversationRequest): Answer {
    if (!idempotencyKey) return problem(400, "Bad request", "The Idempotency-Key header is missing.");
    const input = entrySchema.safeParse(body);
    if (!input.success) return problem(400, "Bad request", z.prettifyError(input.error));
    const message: ConversationMessage = { ...input.data, conversation_id: conversationId };
    if (conversations().store(message, idempotencyKey) === "duplicate") return problem(409, "Already stored");
    return stored() ?? json(201, { message_id: message["message_id"], version: message.version });
  }

  function storeMany({ body }: ConversationRequest): Answer {
    if (!deps.batch) return problem(404, "Not found");
    const input = batchSchema.safeParse(body);
    if (!input.success) return problem(400, "Bad request", z.prettifyError(input.error));
    const results = input.data.messages.map((message) => ({
      message_id: message["message_id"],
      status: storeEntry(message),
    }));
    const isStored = results.every(({ status }) => status !== 400);
    return (isStored ? stored() : undefined) ?? json(207, { results });
  }

  function stored(): Answer | undefined {
    return deps.storedStatus === undefined ? undefined : { status: deps.storedStatus, headers: {}, body: null };
  }

  function storeEntry(message: unknown): 201 | 400 | 409 {
    const input = batchEntrySchema.safeParse(message);
    if (!input.success) return 400;
    return conversations().store(input.data) === "duplicate" ? 409 : 201;
  }

  return { app, log };
}
