import { type Answer, json } from "../http/answer.ts";

interface GraphErrorRow {
  readonly status: number;
  readonly title: string;
  /** An error of the Graph API itself, which has no `error_data`. */
  readonly graph?: true;
}

const denied: GraphErrorRow = { status: 403, title: "Permission denied", graph: true };

/**
 * The HTTP status and title of each error that a send can return, from Meta's page of November 2025. Codes that are
 * only on the later page, which lists no statuses, have 400.
 */
const rows: Readonly<Record<number, GraphErrorRow>> = {
  0: { status: 401, title: "AuthException", graph: true },
  1: { status: 400, title: "An unknown error occurred", graph: true },
  2: { status: 503, title: "Service temporarily unavailable", graph: true },
  3: { status: 500, title: "Application does not have the capability to make this API call.", graph: true },
  4: { status: 400, title: "Application request limit reached", graph: true },
  10: { ...denied, title: "Application does not have permission for this action" },
  17: { status: 400, title: "User request limit reached", graph: true },
  32: { status: 400, title: "Page request limit reached", graph: true },
  33: { status: 400, title: "Parameter value is not valid" },
  100: { status: 400, title: "Invalid parameter" },
  102: { status: 401, title: "Session key invalid or no longer valid", graph: true },
  104: { status: 401, title: "Incorrect signature", graph: true },
  190: { status: 401, title: "Invalid OAuth access token - Cannot parse access token", graph: true },
  341: { status: 400, title: "Feed action request limit reached", graph: true },
  368: { status: 403, title: "Temporarily blocked for policies violations" },
  506: { status: 400, title: "Duplicate status message", graph: true },
  613: { status: 400, title: "Calls to this api have exceeded the rate limit.", graph: true },
  803: { status: 404, title: "Some of the aliases you requested do not exist", graph: true },
  2500: { status: 400, title: "Unknown path components", graph: true },
  80007: { status: 400, title: "Rate limit issues" },
  130403: { status: 400, title: "User has blocked the business" },
  130429: { status: 400, title: "Rate limit hit" },
  130472: { status: 400, title: "User's number is part of an experiment" },
  130497: { status: 403, title: "Business account is restricted from messaging users in this country." },
  131000: { status: 500, title: "Something went wrong" },
  131005: { status: 403, title: "Access denied" },
  131008: { status: 400, title: "Required parameter is missing" },
  131009: { status: 400, title: "Parameter value is not valid" },
  131016: { status: 500, title: "Service unavailable" },
  131021: { status: 400, title: "Recipient cannot be sender" },
  131026: { status: 400, title: "Message undeliverable" },
  131030: { status: 400, title: "Recipient phone number not in allowed list" },
  131031: { status: 403, title: "Business Account locked" },
  131037: { status: 400, title: "WhatsApp provided number needs display name approval before message can be sent." },
  131042: { status: 400, title: "Business eligibility payment issue" },
  131045: { status: 500, title: "Incorrect certificate" },
  131047: { status: 400, title: "Re-engagement message" },
  131048: { status: 400, title: "Spam rate limit hit" },
  131049: { status: 400, title: "Meta chose not to deliver." },
  131050: { status: 400, title: "User has stopped receiving marketing messages" },
  131051: { status: 400, title: "Unsupported message type" },
  131052: { status: 400, title: "Media download error" },
  131053: { status: 400, title: "Media upload error" },
  131055: { status: 400, title: "Method not allowed" },
  131056: { status: 400, title: "(Business Account, Consumer Account) pair rate limit hit" },
  131057: { status: 500, title: "Account in maintenance mode" },
  131062: { status: 400, title: "Business-scoped user id is not supported for this message" },
  131063: { status: 400, title: "Marketing messages are disabled on Cloud API" },
  131064: { status: 400, title: "Classification limit reached" },
  // Titles as answers have them [chatwoot#13257, tawn33y/whatsapp-cloud-api#57]; Meta's page has shorter ones.
  132000: { status: 400, title: "Number of parameters does not match the expected number of params" },
  132001: { status: 404, title: "Template name does not exist in the translation" },
  132005: { status: 400, title: "Template Hydrated Text Too Long" },
  132007: { status: 400, title: "Template Format Character Policy Violated" },
  132012: { status: 400, title: "Template Parameter Format Mismatch" },
  132015: { status: 400, title: "Template is Paused" },
  132016: { status: 400, title: "Template is Disabled" },
  132018: { status: 400, title: "Template parameter validation failed" },
  132021: { status: 400, title: "Direct Send template name clash" },
  132068: { status: 400, title: "Flow is in blocked state" },
  132069: { status: 400, title: "Flow is in throttled state" },
  133000: { status: 500, title: "Incomplete Deregistration" },
  133004: { status: 503, title: "Server Temporarily Unavailable" },
  133005: { status: 400, title: "Two step verification PIN Mismatch" },
  133006: { status: 400, title: "Phone number re-verification needed" },
  133008: { status: 400, title: "Too Many two step verification PIN Guesses" },
  133009: { status: 400, title: "Two step verification PIN Guessed Too Fast" },
  133010: { status: 400, title: "Phone number Not Registered" },
  133015: { status: 400, title: "Please wait a few minutes before attempting to register this phone number" },
  133016: { status: 400, title: "Account register/deregister limit reached" },
  134011: { status: 400, title: "WhatsApp Payments terms of service has not been accepted." },
  134100: { status: 400, title: "Only marketing messages supported" },
  134101: { status: 400, title: "Template is being synced" },
  134102: { status: 500, title: "Template unavailable for use" },
  135000: { status: 400, title: "Generic user error" },
  137000: { status: 400, title: "Recipient identity key hash mismatch" },
  139001: { status: 400, title: "Updating attempt failed" },
  139002: { status: 400, title: "Publishing attempt failed" },
  139003: { status: 400, title: "Deprecating attempt failed" },
  139004: { status: 400, title: "Deleting attempt failed" },
  139100: { status: 400, title: "Failed to block/unblock users" },
  139200: { status: 400, title: "Direct Send access blocked" },
};

/**
 * The codes that are answered with Meta's status and title; the coverage matrix lists them.
 * @internal
 */
export const supportedErrorCodes: readonly number[] = Object.keys(rows).map(Number);

export interface GraphError {
  readonly code: number;
  /** Default: Meta's status for the code; 400 for an unknown code. */
  readonly status?: number;
  /** Default: the code's title. */
  readonly message?: string;
  readonly details?: string;
  readonly subcode?: number;
  readonly type?: "OAuthException" | "GraphMethodException";
  /** What Graph would have the app show to its user. */
  readonly userTitle?: string;
  readonly userMessage?: string;
  readonly isTransient?: boolean;
  readonly retryAfterSeconds?: number;
}

export function graphErrorAnswer(error: GraphError, fbtraceId: string): Answer {
  const { code, message, details, subcode, type = "OAuthException", isTransient, userTitle, userMessage } = error;
  const row = rowOf(code);
  const title = message ?? row.title;
  // An error of Graph itself, or one about a parameter, says all in its message [fbsamples/whatsapp-api-examples#10].
  const isBare = details === undefined && (row.graph === true || message !== undefined);
  const text = isUnnumbered(error) ? title : `(#${code}) ${title}`;
  const body = {
    error: {
      message: text,
      type,
      code,
      ...(isBare ? {} : { error_data: { messaging_product: "whatsapp", details: details ?? title } }),
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      ...(isTransient === undefined ? {} : { is_transient: isTransient }),
      ...(userTitle === undefined ? {} : { error_user_title: userTitle, error_user_msg: userMessage }),
      fbtrace_id: fbtraceId,
    },
  };
  const status = error.status ?? row.status;
  return json(status, body, { ...errorHeaders(error, status, text), "x-fb-trace-id": fbtraceId });
}

/** Which messages have no code in front: those about tokens and paths, and those with a subcode. */
function isUnnumbered({ code, subcode, userTitle }: GraphError): boolean {
  return code === 190 || code === 2500 || subcode !== undefined || userTitle !== undefined;
}

/** `WWW-Authenticate` is on 401 and 400 [daroczig/fbRads#74, voiceflow-community/example-integration-whatsapp#5]. */
function errorHeaders({ code, retryAfterSeconds }: GraphError, status: number, text: string) {
  const reason = code === 190 ? "invalid_token" : status === 404 ? "not_found" : "invalid_request";
  const inHeader = text.replace(/[^ -~]/g, "?");
  return {
    ...(status < 500 && { "www-authenticate": `OAuth "Facebook Platform" "${reason}" "${inHeader}"` }),
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  };
}

/** The error's title, as Meta writes it in answers and webhooks. */
export function titleOf(code: number): string {
  return rowOf(code).title;
}

function rowOf(code: number): GraphErrorRow {
  const row = rows[code];
  if (row) return row;
  if (code >= 200 && code <= 299) return denied;
  return { status: 400, title: code >= 138000 && code <= 138018 ? "Calling error" : "Unknown error" };
}
