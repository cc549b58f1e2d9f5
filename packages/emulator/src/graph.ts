import { Hono } from "hono";

import { type Answer, type Env, json, send } from "./answer.ts";
import { arrival, bearerOf, type Exchange } from "./exchange.ts";
import { isRecord } from "./fault-match.ts";
import { type GraphError, graphErrorAnswer } from "./graph-error.ts";
import { wamidOf } from "./graph-ids.ts";
import { createRequestLog, type Draft, type RequestLog, type RequestRecord } from "./request-log.ts";
import type { Tokens, TokenVerdict } from "./tokens.ts";

export interface GraphRequest extends RequestRecord {
  readonly version: string;
  readonly phoneNumberId: string;
  readonly accessToken?: string;
  /** Present when the message was accepted, whether or not the answer arrived. */
  readonly wamid?: string;
}

/** What WhatsApp took on. */
export interface GraphMessage {
  readonly wamid: string;
  readonly at: number;
  readonly phoneNumberId: string;
  /** As it was given, in `to` or `recipient`. */
  readonly recipient: string;
  /** The digits of a phone number; absent when it went to a business-scoped user id. */
  readonly waId?: string;
  readonly type: string;
  readonly callbackData?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Graph {
  readonly app: Hono<Env>;
  readonly log: RequestLog<GraphRequest>;
  readonly accepted: RequestLog<GraphMessage>;
}

interface GraphDeps {
  readonly exchange: Exchange;
  readonly tokens: () => Tokens;
  readonly keep: number;
  readonly nextTraceId: () => string;
  readonly onAccepted: (message: GraphMessage) => void;
}

const required: GraphError = { code: 131008 };

export function createGraph({ exchange, tokens, keep, nextTraceId, onAccepted }: GraphDeps): Graph {
  const app = new Hono<Env>();
  const log = createRequestLog<GraphRequest>(keep);
  const accepted = createRequestLog<GraphMessage>(keep);
  let wamids = 0;

  app.post("/:version/:phoneNumberId/messages", (c) => {
    const { version, phoneNumberId } = c.req.param();
    const entry: Draft<GraphRequest> = Object.assign(arrival(c), { version, phoneNumberId });
    const accessToken = bearerOf(entry);
    if (accessToken !== undefined) entry.accessToken = accessToken;
    log.add(entry);
    return exchange(c, { target: "graph", facts: { phoneNumberId }, entry, answer: sendMessage });
  });

  app.notFound((c) =>
    send(c.env, graphErrorAnswer({ code: 2500, message: `Unknown path components: ${c.req.path}` }, nextTraceId())),
  );

  function sendMessage(entry: Draft<GraphRequest>): Answer {
    const { body, phoneNumberId } = entry;
    const refusal = refusalOfPath(entry) ?? refusalOfToken(entry, tokens()) ?? refusalOfBody(body);
    if (refusal || !isRecord(body)) return graphErrorAnswer(refusal ?? { code: 100 }, nextTraceId());

    const toPhone = isFilled(body["to"]);
    const recipient = String(toPhone ? body["to"] : body["recipient"]);
    const resolved = toPhone ? recipient.replace(/\D/g, "") : recipient;
    wamids += 1;
    const wamid = wamidOf(resolved, wamids);
    const callbackData = body["biz_opaque_callback_data"];
    entry.wamid = wamid;
    const message: GraphMessage = {
      wamid,
      at: entry.at,
      phoneNumberId,
      recipient,
      ...(toPhone ? { waId: resolved } : {}),
      type: typeof body["type"] === "string" ? body["type"] : "text",
      ...(typeof callbackData === "string" ? { callbackData } : {}),
      body,
    };
    accepted.add(message);
    onAccepted(message);
    return json(200, {
      messaging_product: "whatsapp",
      contacts: [toPhone ? { input: recipient, wa_id: resolved } : { input: recipient, user_id: resolved }],
      messages: [{ id: wamid }],
    });
  }

  return { app, log, accepted };
}

function refusalOfPath({ version, path }: GraphRequest): GraphError | undefined {
  if (/^v\d+\.\d+$/.test(version)) return undefined;
  return { code: 2500, message: `Unknown path components: ${path}` };
}

const tokenErrors: Readonly<Record<Exclude<TokenVerdict, "valid" | "foreign">, GraphError>> = {
  unknown: { code: 190 },
  expired: { code: 190, subcode: 463, message: "Error validating access token: Session has expired." },
  revoked: { code: 190, subcode: 467, message: "Error validating access token: The session is invalid." },
};

function refusalOfToken({ accessToken, phoneNumberId }: GraphRequest, tokens: Tokens): GraphError | undefined {
  const verdict = accessToken === undefined ? "unknown" : tokens.verdict(accessToken, phoneNumberId);
  if (verdict === "valid") return undefined;
  if (verdict !== "foreign") return tokenErrors[verdict];
  return {
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `Unsupported post request. Object with ID '${phoneNumberId}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  };
}

function refusalOfBody(body: unknown): GraphError | undefined {
  if (!isRecord(body) || Array.isArray(body)) return { code: 100, message: "The request body is not valid JSON" };
  const { messaging_product: product, to, recipient, type = "text", text, biz_opaque_callback_data: data } = body;
  if (product !== "whatsapp") {
    const message =
      product === undefined
        ? "The parameter messaging_product is required."
        : `Param messaging_product must be one of {WHATSAPP} - got ${JSON.stringify(product)}.`;
    return { code: 100, message, details: message };
  }
  if (!isFilled(to) && !isFilled(recipient)) return { ...required, details: "Parameter 'to' is mandatory." };
  if (isFilled(to) && !/\d/.test(to)) return { code: 131009, details: "Parameter 'to' is not a phone number." };
  if (data !== undefined && (typeof data !== "string" || data.length > 512)) {
    return tooLong("biz_opaque_callback_data", 512);
  }
  if (type !== "text") return { code: 131051, details: `Message type ${JSON.stringify(type)} is not supported.` };
  const words = isRecord(text) ? text["body"] : undefined;
  if (!isFilled(words)) return { ...required, details: "Parameter 'text.body' is mandatory." };
  return words.length > 4096 ? tooLong("text['body']", 4096) : undefined;
}

function tooLong(parameter: string, limit: number): GraphError {
  const message = `Param ${parameter} must be at most ${limit} characters long.`;
  return { code: 100, message, details: message };
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
