import type { GraphErrorRow, GraphErrorSource } from "@message-sender/http-adapter/outbound";
import type { ThrottleScope } from "@message-sender/core";

interface ClassText {
  readonly about: string;
  readonly attempts: string;
  readonly answer: string;
}

const refused = { attempts: "one: it is final", answer: "422 `message-rejected`" };

/** In the order of the page. `protocol` is for answers that are no error of the Graph API, so that no code has it. */
export const classes: Readonly<Record<Exclude<GraphErrorRow["class"], "protocol">, ClassText>> = {
  transient: {
    about: "WhatsApp has a trouble of its own, which mostly passes",
    attempts: "repeated by the schedule: at once, then after 1, 2 and 4 s",
    answer: "500 `delivery-failed` when the schedule is used up; 503 `unavailable` once half of a number's calls fail",
  },
  throttled: {
    about: "a limit is reached, and nothing was processed",
    attempts: "repeated by the schedule, no sooner than WhatsApp asks; in the queue they use up no slot",
    answer:
      "429 `rate-limited` when the limit passes only after the call's deadline, 500 `delivery-failed` when the schedule is used up",
  },
  credentials: {
    about: "the access token was refused",
    attempts: "one, and one more if the outlet has other credentials by then",
    answer: "502 `credentials-rejected`",
  },
  permission: {
    about: "the access token may not do this",
    attempts: "one: it is final",
    answer: "502 `credentials-rejected`",
  },
  account: { about: "the WhatsApp account, its number or its billing stands in the way", ...refused },
  policy: { about: "the account or the number fell foul of one of WhatsApp's policies", ...refused },
  recipient: { about: "this recipient cannot be sent this, for good or for now; others can", ...refused },
  request: { about: "the request is wrong", ...refused },
  template: { about: "the template stands in the way", ...refused },
};

/** Whose a limit is. */
export const scopes: Readonly<Record<ThrottleScope, string>> = {
  app: "the app",
  account: "the WhatsApp account",
  number: "the phone number",
  maintenance: "the phone number, in maintenance",
  pair: "this sender and recipient",
};

/** Where the table's facts are from. */
export const sources: Readonly<Record<GraphErrorSource, string>> = {
  "Meta 2025": "Meta's page “Error codes” of the Cloud API, as of 19 November 2025",
  "Meta 2026": "the same page as of September 2026, or another of Meta's pages of that year",
  "Graph guide": "Meta's guides to the Graph API, “Handle errors” and “Rate limits”",
  OpenAPI: "Meta's own OpenAPI description, business-messaging-api_v23.0.yaml",
  "third party": "seen by others; Meta's present pages do not have it",
};
