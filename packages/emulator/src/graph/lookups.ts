import { type Answer, json } from "../http/answer.ts";
import { tokenErrors } from "./access/graph-access.ts";
import type { Tokens } from "./access/tokens.ts";
import { isRecord } from "../json/records.ts";
import { type GraphError, graphErrorAnswer } from "./graph-error.ts";

interface Lookup {
  readonly token: string | undefined;
  readonly tokens: Tokens;
  readonly traceId: string;
  /** The digits of a number, by its id. */
  readonly displayNumberOf: (phoneNumberId: string) => string;
  /** How many messages a number may send per second, where that is limited. */
  readonly throughputOf: (phoneNumberId: string) => number | undefined;
}

export type AccountEdge = "phone_numbers" | "subscribed_apps" | "message_templates";

export function isAccountEdge(edge: string): edge is AccountEdge {
  return edge === "phone_numbers" || edge === "subscribed_apps" || edge === "message_templates";
}

/** Whether a path names an object of the Graph API by its id. */
export function isObject(version: string, id: string): boolean {
  return /^v\d+\.\d+$/.test(version) && /^\d+$/.test(id);
}

/** `GET /{phone_number_id}`: the number as a healthy one has it (Cloud API, "WhatsApp Account Number"). */
export function answerNumber(
  id: string,
  fields: string | undefined,
  { token, tokens, traceId, displayNumberOf, throughputOf }: Lookup,
): Answer {
  const verdict = verdictOf(token, tokens, id);
  if (verdict === "foreign") return graphErrorAnswer(unsupported(id), traceId);
  if (verdict !== "valid") return graphErrorAnswer(tokenErrors[verdict], traceId);
  const all: Readonly<Record<string, unknown>> = {
    id,
    display_phone_number: `+${displayNumberOf(id)}`,
    verified_name: "Sandbox",
    status: "CONNECTED",
    quality_rating: "GREEN",
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    account_mode: "LIVE",
    messaging_limit_tier: "TIER_2K",
    whatsapp_business_manager_messaging_limit: "TIER_2K",
    throughput: { level: (throughputOf(id) ?? 0) >= 1000 ? "HIGH" : "STANDARD" },
  };
  const names = fields?.split(",") ?? ["id", "display_phone_number", "verified_name", "quality_rating"];
  const unknown = names.find((name) => !(name in all) && name !== "webhook_configuration");
  if (unknown !== undefined) {
    const message = `Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessPhoneNumber)`;
    return graphErrorAnswer({ code: 100, message }, traceId);
  }
  const chosen = [...new Set(["id", ...names])].filter((name) => name in all);
  return json(200, Object.fromEntries(chosen.map((name) => [name, all[name]])));
}

/** An edge of a WABA, for a token that may use a number of that account. `listTemplates` answers `message_templates`. */
export function answerAccount(
  id: string,
  edge: AccountEdge,
  numbers: readonly string[],
  { listTemplates, ...lookup }: Lookup & { readonly listTemplates: () => Answer },
): Answer {
  const { token, tokens, traceId, displayNumberOf } = lookup;
  // No outlet names the account, as where tenants come from a file: any known token may read its templates.
  const isOpen = numbers.length === 0 && ["valid", "foreign"].includes(verdictOf(token, tokens, ""));
  if (edge === "message_templates" && isOpen) return listTemplates();
  const refusal = accountRefusal(id, numbers, lookup, "get");
  if (refusal) return graphErrorAnswer(refusal, traceId);
  if (edge === "message_templates") return listTemplates();
  if (edge === "phone_numbers") {
    return json(200, {
      data: numbers.map((number) => ({ id: number, display_phone_number: `+${displayNumberOf(number)}` })),
    });
  }
  return json(200, {
    data: [{ whatsapp_business_api_data: { id: sandboxApp, name: "Sandbox", link: "https://example.com" } }],
  });
}

/** `POST /{waba_id}/subscribed_apps`: the sandbox's one app is always subscribed (Cloud API, "Managing webhooks"). */
export function answerSubscribe(id: string, numbers: readonly string[], lookup: Lookup): Answer {
  const refusal = accountRefusal(id, numbers, lookup, "post");
  return refusal ? graphErrorAnswer(refusal, lookup.traceId) : json(200, { success: true });
}

/** `POST /{phone_number_id}/register`: every number stays registered (Cloud API, "Register a business phone number"). */
export function answerRegister(id: string, body: unknown, { token, tokens, traceId }: Lookup): Answer {
  const verdict = verdictOf(token, tokens, id);
  if (verdict === "foreign") return graphErrorAnswer(unsupported(id, "post"), traceId);
  if (verdict !== "valid") return graphErrorAnswer(tokenErrors[verdict], traceId);
  const { messaging_product: product, pin } = isRecord(body) ? body : {};
  if (product === "whatsapp" && /^\d{6}$/.test(String(pin))) return json(200, { success: true });
  const message = "(#100) messaging_product must be whatsapp, and pin exactly 6 digits";
  return graphErrorAnswer({ code: 100, message }, traceId);
}

function accountRefusal(
  id: string,
  numbers: readonly string[],
  { token, tokens }: Lookup,
  method: "get" | "post",
): GraphError | undefined {
  const verdicts = numbers.map((number) => verdictOf(token, tokens, number));
  if (verdicts.includes("valid")) return undefined;
  const worst = token === undefined ? "unknown" : (verdicts[0] ?? tokens.verdict(token, ""));
  const isToken = worst === "unknown" || worst === "expired" || worst === "revoked";
  return isToken ? tokenErrors[worst] : unsupported(id, method);
}

/** `GET /debug_token`, which describes any token, valid or not. */
export function answerDebugToken(input: string | undefined, { token, tokens, traceId }: Lookup): Answer {
  const asking = token === undefined ? "unknown" : tokens.verdict(token, "");
  if (asking !== "valid" && asking !== "foreign") return graphErrorAnswer(tokenErrors[asking], traceId);
  const verdict = input === undefined ? "unknown" : tokens.verdict(input, "");
  const isValid = verdict === "valid" || verdict === "foreign";
  const scopes = isValid ? ["whatsapp_business_management", "whatsapp_business_messaging"] : [];
  return json(200, { data: { app_id: sandboxApp, type: "SYSTEM_USER", is_valid: isValid, expires_at: 0, scopes } });
}

const sandboxApp = "1000000000000001";

function verdictOf(token: string | undefined, tokens: Tokens, number: string) {
  return token === undefined ? "unknown" : tokens.verdict(token, number);
}

function unsupported(id: string, method: "get" | "post" = "get") {
  return {
    code: 100,
    subcode: 33,
    type: "GraphMethodException",
    message: `Unsupported ${method} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  } as const;
}
