import { type Context, Hono } from "hono";

import { type BoundedLog, createBoundedLog } from "../collections/bounded-log.ts";
import type { Exchange } from "../faults/exchange.ts";
import { type Answer, type Env, json, send } from "../http/answer.ts";
import { readForm } from "../http/multipart.ts";
import { bearerOf, type Draft, recordOf } from "../http/request-record.ts";
import { isRecord } from "../json/records.ts";
import { checkAccess, type GraphRequest, unknownPath } from "./access/graph-access.ts";
import { graphErrorAnswer } from "./graph-error.ts";
import { wamidOf } from "./graph-ids.ts";
import { type GraphMessage, graphMessageOf, personOf } from "./graph-message.ts";
import type { GraphState } from "./graph-state.ts";
import {
  answerAccount,
  answerDebugToken,
  answerNumber,
  answerRegister,
  answerSubscribe,
  isAccountEdge,
  isObject,
} from "./lookups.ts";
import { checkMarketing } from "./marketing-messages.ts";
import { answerUpload } from "./media/media.ts";
import { messageStatusOf } from "./message-statuses.ts";
import { checkMessage } from "./messages/message.ts";
import { withoutNulls } from "./messages/nulls.ts";
import { type GraphReceipt, isReceipt, receiptOf } from "./receipts.ts";
import { checkAgainstState } from "./state-checks.ts";
import { answerTemplates } from "./template-list.ts";
import { categoryOf } from "./templates.ts";
import type { Tokens } from "./access/tokens.ts";
import { usageHeaders } from "./usage.ts";

export interface Graph {
  readonly app: Hono<Env>;
  readonly log: BoundedLog<GraphRequest>;
  readonly accepted: BoundedLog<GraphMessage>;
  readonly receipts: BoundedLog<GraphReceipt>;
  /** How many wamids were given. It may only be raised, so that none is given twice. */
  wamids: number;
}

interface GraphDeps {
  readonly exchange: Exchange;
  readonly tokens: () => Tokens;
  readonly state: () => GraphState;
  readonly wabaOf: (phoneNumberId: string) => string;
  readonly displayNumberOf: (phoneNumberId: string) => string;
  readonly numbersOf: (wabaId: string) => readonly string[];
  readonly keep: number;
  readonly nextTraceId: () => string;
  readonly onAccepted: (message: GraphMessage) => void;
}

export function createGraph({
  exchange,
  tokens,
  state,
  wabaOf,
  numbersOf,
  displayNumberOf,
  keep,
  nextTraceId,
  onAccepted,
}: GraphDeps): Graph {
  const app = new Hono<Env>();
  const log = createBoundedLog<GraphRequest>(keep);
  const accepted = createBoundedLog<GraphMessage>(keep);
  const receipts = createBoundedLog<GraphReceipt>(keep);
  let wamids = 0;

  app.post("/:version/:phoneNumberId/messages", (c) => {
    const { version, phoneNumberId } = c.req.param();
    const entry = logRequest(c, version, phoneNumberId);
    const headers = () => headersOf(phoneNumberId);
    return exchange(c, { target: "graph.messages", facts: { phoneNumberId }, entry, headers, answer: answerMessage });
  });

  app.post("/:version/:phoneNumberId/marketing_messages", (c) => {
    const { version, phoneNumberId } = c.req.param();
    const entry = logRequest(c, version, phoneNumberId);
    const headers = () => headersOf(phoneNumberId);
    const facts = { phoneNumberId };
    return exchange(c, { target: "graph.messages", facts, entry, headers, answer: answerMarketing });
  });

  app.post("/:version/:phoneNumberId/media", (c) => {
    const { version, phoneNumberId } = c.req.param();
    const entry = logRequest(c, version, phoneNumberId);
    const headers = () => headersOf(phoneNumberId);
    const readBody = async () => (await readForm(c)) ?? null;
    return exchange(c, {
      target: "graph.media",
      facts: { phoneNumberId },
      entry,
      readBody,
      headers,
      answer: answerMedia,
    });
  });

  app.get("/:version/debug_token", (c) => send(c.env, answerDebugToken(c.req.query("input_token"), lookupOf(c))));

  app.get("/:version/:id", (c, next) => {
    const { version, id } = c.req.param();
    if (!isObject(version, id)) return next();
    return send(c.env, answerNumber(id, c.req.query("fields"), lookupOf(c)));
  });

  app.get("/:version/:id/:edge", (c, next) => {
    const { version, id, edge } = c.req.param();
    if (!isObject(version, id) || !isAccountEdge(edge)) return next();
    const { fields, limit, after, name } = c.req.query();
    const listTemplates = () => answerTemplates(state().templates, { fields, limit, after, name });
    return send(c.env, answerAccount(id, edge, numbersOf(id), { ...lookupOf(c), listTemplates }));
  });

  app.post("/:version/:id/register", async (c, next) => {
    const { version, id } = c.req.param();
    if (!isObject(version, id)) return next();
    const body: unknown = await c.req.json().catch(() => undefined);
    return send(c.env, answerRegister(id, body, lookupOf(c)));
  });

  app.post("/:version/:id/subscribed_apps", (c, next) => {
    const { version, id } = c.req.param();
    if (!isObject(version, id)) return next();
    return send(c.env, answerSubscribe(id, numbersOf(id), lookupOf(c)));
  });

  app.notFound((c) => send(c.env, graphErrorAnswer(unknownPath(c.req.path), nextTraceId())));

  function logRequest(c: Context<Env>, version: string, phoneNumberId: string): Draft<GraphRequest> {
    const entry: Draft<GraphRequest> = Object.assign(recordOf(c), { version, phoneNumberId });
    const accessToken = bearerOf(entry);
    if (accessToken !== undefined) entry.accessToken = accessToken;
    log.add(entry);
    return entry;
  }

  function lookupOf(c: Context<Env>) {
    const [, token] = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
    return {
      token,
      tokens: tokens(),
      traceId: nextTraceId(),
      displayNumberOf,
      throughputOf: state().limiter.throughputOf,
    };
  }

  function headersOf(phoneNumberId: string) {
    const { usage } = state();
    return usage ? usageHeaders(usage, phoneNumberId, wabaOf(phoneNumberId)) : {};
  }

  function answerMedia(entry: Draft<GraphRequest>): Answer {
    const refusal = checkAccess(entry, tokens());
    return refusal ? graphErrorAnswer(refusal, nextTraceId()) : answerUpload(state().media, entry, nextTraceId);
  }

  function answerMessage(entry: Draft<GraphRequest>): Answer {
    const refusal = checkAccess(entry, tokens());
    if (refusal) return graphErrorAnswer(refusal, nextTraceId());
    const body = withoutNulls(entry.body);
    return isRecord(body) && isReceipt(body) ? answerReceipt(entry, body) : answerSend(entry, body);
  }

  function answerMarketing(entry: Draft<GraphRequest>): Answer {
    const refusal = checkAccess(entry, tokens());
    if (refusal) return graphErrorAnswer(refusal, nextTraceId());
    const body = withoutNulls(entry.body);
    const refused = checkMarketing(body, state().templates);
    return refused ? graphErrorAnswer(refused, nextTraceId()) : answerSend(entry, body, "marketing");
  }

  function answerReceipt(entry: Draft<GraphRequest>, body: unknown): Answer {
    const { strict, inbound } = state();
    const receipt = receiptOf(
      { ...entry, body },
      (id) => !strict.receipts || inbound.has(`${entry.phoneNumberId}/${id}`),
    );
    if ("code" in receipt) return graphErrorAnswer(receipt, nextTraceId());
    receipts.add(receipt);
    return json(200, { success: true });
  }

  function answerSend(entry: Draft<GraphRequest>, body: unknown, via?: "marketing"): Answer {
    const { phoneNumberId } = entry;
    const malformed = checkMessage(body);
    if (malformed || !isRecord(body)) return graphErrorAnswer(malformed ?? { code: 100 }, nextTraceId());
    const now = state();
    const person = personOf(body, phoneNumberId, now.resolve);
    const refusal = checkAgainstState(body, person, now);
    if (refusal) return graphErrorAnswer(refusal, nextTraceId());

    wamids += 1;
    const wamid = wamidOf(person.waId ?? String(body["recipient"]), wamids);
    const message = graphMessageOf(entry, body, person, {
      wamid,
      userId: now.audience.knownIdOf(person),
      category: categoryOf(now.templates, body),
      via,
    });
    entry.wamid = wamid;
    now.limiter.sent(person);
    accepted.add(message);
    onAccepted(message);
    const status = messageStatusOf(now.messageStatuses, message);
    const { recipient: input, waId } = message;
    return json(200, {
      messaging_product: "whatsapp",
      contacts: [waId === undefined ? { input, user_id: input } : { input, wa_id: waId }],
      messages: [{ id: wamid, ...(status !== undefined && { message_status: status }) }],
    });
  }

  return {
    app,
    log,
    accepted,
    receipts,
    get wamids() {
      return wamids;
    },
    set wamids(count) {
      wamids = Math.max(wamids, count);
    },
  };
}
