import type { GraphErrorRows } from "./error-rule.ts";

const askMeta = "Usually temporary. If it persists, give Meta's support the trace id.";
const slowDown = "The app makes too many calls. Send more slowly, or ask Meta for a higher limit.";

/** Temporary errors: failures inside WhatsApp, and limits. */
export const temporaryErrors: GraphErrorRows = {
  1: {
    title: "an unknown API error",
    class: "transient",
    maybeProcessed: true,
    advice: "Usually temporary, but check the request too: WhatsApp also answers an invalid request with this code.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, but means either a server error or an invalid request.",
  },
  2: {
    title: "the API is down or overloaded",
    class: "transient",
    maybeProcessed: true,
    advice: askMeta,
    source: "Meta 2025",
  },
  131000: {
    title: "something went wrong at WhatsApp",
    class: "transient",
    maybeProcessed: true,
    advice: askMeta,
    source: "Meta 2025",
    reason:
      "A retry often succeeds, but the first request may have been processed too. If a webhook reports this code, the message has failed and a new one is safe.",
    isDisputed: true,
  },
  131016: {
    title: "a WhatsApp service is unavailable",
    class: "transient",
    maybeProcessed: true,
    advice: askMeta,
    source: "Meta 2025",
    reason: "It is temporary, but an overloaded service may have accepted the message before it failed to answer.",
    isDisputed: true,
  },
  133004: {
    title: "a WhatsApp server is temporarily unavailable",
    class: "transient",
    maybeProcessed: true,
    advice: askMeta,
    source: "Meta 2025",
  },

  4: {
    title: "the app's call limit is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Meta 2025",
    reason: "It comes with HTTP 400, but is temporary.",
  },
  17: {
    title: "the user's call limit is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Graph guide",
  },
  32: {
    title: "the page's call limit is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Graph guide",
  },
  341: {
    title: "one of the app's limits is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Graph guide",
  },
  613: {
    title: "calls to this API exceed its limit",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Graph guide",
  },
  80007: {
    title: "the WhatsApp account's call limit is reached",
    class: "throttled",
    scope: "account",
    advice: "Too many calls for this WhatsApp account. Send more slowly.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, but is temporary.",
  },
  130429: {
    title: "the number's throughput limit is reached",
    class: "throttled",
    scope: "number",
    advice: "Send more slowly from this number.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, but clears within seconds.",
  },
  131056: {
    title: "too many messages from this number to this recipient",
    class: "throttled",
    scope: "pair",
    advice: "Send fewer messages to this recipient. Other recipients are not affected.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, but is temporary. Meta asks for waits of 4^X seconds: 1, 4, 16, 64.",
  },
  131057: {
    title: "the account is in maintenance",
    class: "throttled",
    scope: "maintenance",
    waitMs: 60_000,
    advice: "Wait a minute: WhatsApp is upgrading the account's throughput.",
    source: "Meta 2025",
    reason:
      "Maintenance takes about a minute and processes nothing. Retrying it like other HTTP 500 errors would use up all attempts within that minute.",
    isDisputed: true,
  },
};
