import type { GraphErrorRow, GraphErrorSource } from "@message-sender/http-adapter/outbound";
import type { ThrottleScope } from "@message-sender/core/adapter";

interface ClassText {
  readonly about: string;
  readonly attempts: string;
  readonly answer: string;
}

const refused = { attempts: "one: final", answer: "422 `message-rejected`" };

/** In the order of the page. `protocol` is for answers that are not Graph API errors: no code has it. */
export const classes: Readonly<Record<Exclude<GraphErrorRow["class"], "protocol">, ClassText>> = {
  transient: {
    about: "WhatsApp has a temporary problem",
    attempts:
      "four, by the schedule: at once, then after 1, 2 and 4 s; in the queue those that certainly sent nothing do not count",
    answer:
      "500 `delivery-failed` after the last attempt; 503 `unavailable` while the number's circuit breaker is open",
  },
  throttled: {
    about: "a limit is reached; nothing was processed",
    attempts: "by the schedule, no sooner than WhatsApp asks; in the queue they do not count towards the four",
    answer:
      "429 `rate-limited` if the limit will not clear before the call's deadline, 500 `delivery-failed` after the last attempt",
  },
  credentials: {
    about: "the access token is refused",
    attempts: "one, and one more if the outlet has new credentials by then",
    answer: "502 `credentials-rejected`",
  },
  permission: {
    about: "the access token lacks a permission",
    attempts: "one: final",
    answer: "502 `credentials-rejected`",
  },
  account: { about: "the WhatsApp account, its number or its billing prevents sending", ...refused },
  policy: { about: "the account or the number violated a WhatsApp policy", ...refused },
  recipient: { about: "this recipient cannot get this message, permanently or for now; others can", ...refused },
  request: { about: "the request is wrong", ...refused },
  template: { about: "the template is wrong or cannot be used", ...refused },
};

/** Whom a limit applies to. */
export const scopes: Readonly<Record<ThrottleScope, string>> = {
  app: "the app",
  account: "the WhatsApp account",
  number: "the phone number",
  maintenance: "the phone number, in maintenance",
  pair: "this sender and recipient",
};

/** The sources of the table. */
export const sources: Readonly<Record<GraphErrorSource, string>> = {
  "Meta 2025": "Meta's page “Error codes” of the Cloud API, as of 19 November 2025",
  "Meta 2026": "the same page as of September 2026, or another of Meta's pages of that year",
  "Graph guide": "Meta's guides to the Graph API, “Handle errors” and “Rate limits”",
  OpenAPI: "Meta's own OpenAPI description, business-messaging-api_v23.0.yaml",
  "third party": "reported by others; not on Meta's current pages",
};
