import type { FailureClass, ThrottleScope } from "@message-sender/core";

/** What an error code means for a send. */
export type GraphErrorRule = {
  /** Meta's name for it. */
  readonly title: string;
  /** What a person can do about it. */
  readonly advice: string;
} & (
  | { readonly kind: "Final"; readonly class: FailureClass }
  /** May pass, and sometimes follows a send that went through. */
  | { readonly kind: "MaybeProcessed" }
  | { readonly kind: "Throttled"; readonly scope: ThrottleScope; readonly waitMs?: number }
  | { readonly kind: "CredentialRefused" }
);

const askMeta = "It usually passes. If it stays, give Meta's support the trace id.";
const newToken = "Give the outlet a valid access token; a system user's token does not expire.";
const grant = "Grant the token's system user whatsapp_business_messaging on this WhatsApp account.";
const slowDown = "Too many calls; send more slowly.";
const fixRequest = "Correct the request; the details say what is wrong.";
const fixParameters = "Make the template's parameters match its approved definition.";
const pauseTemplate = "Stop sending this template; improve its quality or use another one.";
const register = "Register the phone number for the Cloud API again.";
const support = "See the account's health status in WhatsApp Manager and contact Meta.";
const notForSending = "This belongs to the registration of a number, not to sending.";

/** Every error code that Meta documents for sending (Cloud API, "Error codes", September 2026). */
export const graphErrorRules: Readonly<Record<number, GraphErrorRule>> = {
  0: credential("AuthException", newToken),
  102: credential("Session expired", newToken),
  104: credential("Access token missing", newToken),
  190: credential("Access token expired", newToken),

  3: final("permission", "API method: capability missing", grant),
  10: final("permission", "Permission denied", grant),
  131005: final("permission", "Access denied", grant),

  1: maybeProcessed("API unknown"),
  2: maybeProcessed("API service"),
  131000: maybeProcessed("Something went wrong"),
  131016: maybeProcessed("Service unavailable"),
  133004: maybeProcessed("Server temporarily unavailable"),

  4: throttled("app", "Too many calls of the app", slowDown),
  17: throttled("app", "Too many calls of the user", slowDown),
  32: throttled("app", "Page request limit reached", slowDown),
  341: throttled("app", "Application limit reached", slowDown),
  613: throttled("app", "Calls to this API exceed the rate limit", slowDown),
  80007: throttled("account", "Rate limit of the WhatsApp account", slowDown),
  130429: throttled("number", "Throughput of the number reached", "Send more slowly from this number."),
  131056: throttled("pair", "Pair rate limit", "Send fewer messages to this one recipient; others are not affected."),
  131057: throttled("maintenance", "Account in maintenance", "Wait a minute: its throughput is being raised.", 60_000),

  33: final("account", "Phone number deleted", "Give the outlet a phone number that exists."),
  131031: final("account", "Account locked", support),
  131037: final("account", "Display name not approved", "Have the number's display name approved."),
  131042: final("account", "Payment or eligibility issue", "Settle the account's billing in WhatsApp Manager."),
  131045: final("account", "Incorrect certificate", register),
  131063: final(
    "account",
    "Marketing disabled on the Cloud API",
    "Use the Marketing Messages API, or enable it again.",
  ),
  133000: final("account", "Incomplete deregistration", register),
  133005: final("account", "Two-step verification PIN mismatch", notForSending),
  133006: final("account", "Phone number needs verification", notForSending),
  133008: final("account", "Too many PIN guesses", notForSending),
  133009: final("account", "PIN guessed too fast", notForSending),
  133010: final("account", "Phone number not registered", register),
  133015: final("account", "Phone number recently deleted", "Wait five minutes, then register it."),
  133016: final("account", "Too many registration attempts", "Registration is locked for 72 hours."),
  134011: final("account", "Payments terms not accepted", "Accept the payments terms in WhatsApp Manager."),
  139200: final("account", "Direct Send access blocked", "Send an approved template instead."),

  368: final("policy", "Temporarily blocked for policy violations", support),
  130497: final("policy", "Restricted from messaging this country", "Do not message recipients in this country."),
  131048: final("policy", "Spam rate limit", "The number's quality is low: message only people who expect it."),
  131064: final("policy", "Classification limit", "Wait until the restriction ends, or send templates."),

  130403: final("recipient", "The business blocked this user", "Unblock the user before sending."),
  130472: final(
    "recipient",
    "User is part of an experiment",
    "Use another channel, or a message that is not marketing.",
  ),
  131021: final("recipient", "Recipient is the sender", "Send to a number other than the outlet's own."),
  131026: final("recipient", "Message undeliverable", "The recipient may not be on WhatsApp; use another channel."),
  131030: final(
    "recipient",
    "Recipient not in the allowed list",
    "Add the recipient to the test number's allowed list.",
  ),
  131047: final("recipient", "More than 24 hours since the last reply", "Send a template."),
  131049: final(
    "recipient",
    "Held back for healthy engagement",
    "Wait at least 24 hours before any further marketing.",
  ),
  131050: final("recipient", "User stopped marketing messages", "Do not send this recipient marketing."),
  137000: final("recipient", "Recipient's identity changed", "Confirm the recipient's identity first."),

  100: final("request", "Invalid parameter", `${fixRequest} It also comes where the token may not use this number.`),
  506: final("request", "Duplicate post", "WhatsApp took this for a repeat; change the message or wait."),
  803: final("request", "Unknown object", "Check the phone number id."),
  131008: final("request", "Required parameter missing", fixRequest),
  131009: final("request", "Parameter value not valid", fixRequest),
  131051: final("request", "Unsupported message type", fixRequest),
  131052: final("request", "Media download error", "Ask the sender of the media to send it again."),
  131053: final(
    "request",
    "Media upload error",
    "Check that the media's link, type and size are what WhatsApp supports.",
  ),
  131055: final("request", "Method not allowed", fixRequest),
  131062: final("request", "Business-scoped user id not supported here", "Send to the phone number."),
  132018: final("request", "Template parameters not valid", fixParameters),
  132021: final("request", "Template name taken", "Use another name for this Direct Send message."),
  134100: final("request", "Only marketing messages are supported", fixRequest),
  135000: final("request", "Generic user error", fixRequest),

  132000: final("template", "Template parameter count mismatch", fixParameters),
  132001: final(
    "template",
    "Template does not exist",
    "Check its name, language and approval; approval takes time to spread.",
  ),
  132005: final("template", "Template text too long", "Shorten the parameters."),
  132007: final("template", "Template violates content policy", "Change the template's content."),
  132012: final("template", "Template parameter format mismatch", fixParameters),
  132015: final("template", "Template is paused", pauseTemplate),
  132016: final("template", "Template is disabled", pauseTemplate),
  132068: final("template", "Flow is blocked", "Repair the flow in WhatsApp Manager."),
  132069: final("template", "Flow is throttled", "Wait an hour, and repair the flow."),
  134101: final("template", "Template is syncing", "Send it again in ten minutes."),
  134102: final("template", "Template unavailable", pauseTemplate),
};

/** The rule for a code; none where Meta documents none. */
export function graphErrorRule(code: number): GraphErrorRule | undefined {
  if (Object.hasOwn(graphErrorRules, code)) return graphErrorRules[code];
  if (code >= 200 && code <= 299) return final("permission", "Permission denied", grant);
  if (code >= 138000 && code <= 138018)
    return final("request", "Calling error", "This belongs to calls, not messages.");
  return undefined;
}

function final(failureClass: FailureClass, title: string, advice: string): GraphErrorRule {
  return { kind: "Final", class: failureClass, title, advice };
}

function maybeProcessed(title: string): GraphErrorRule {
  return { kind: "MaybeProcessed", title, advice: askMeta };
}

function throttled(scope: ThrottleScope, title: string, advice: string, waitMs?: number): GraphErrorRule {
  return { kind: "Throttled", scope, title, advice, ...(waitMs !== undefined && { waitMs }) };
}

function credential(title: string, advice: string): GraphErrorRule {
  return { kind: "CredentialRefused", title, advice };
}
