import type { GraphErrorRows } from "./error-rule.ts";

const askMeta = "It usually passes. If it stays, give Meta's support the trace id.";
const slowDown = "The app makes too many calls: send more slowly, or ask Meta for a higher limit.";

/** What may pass by itself: troubles of WhatsApp's, and limits. */
export const passingErrors: GraphErrorRows = {
  1: {
    title: "an unknown error of the API",
    class: "transient",
    maybeProcessed: true,
    advice: "Check the request as well: WhatsApp answers so to a wrong request, too.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, but stands for a server's error as well as for a bad request.",
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
      "The same request often passes the next time, and nothing says that the first was dropped. Where a webhook brings it, the message has failed and a new one is safe.",
    isDisputed: true,
  },
  131016: {
    title: "a service of WhatsApp's is not available",
    class: "transient",
    maybeProcessed: true,
    advice: askMeta,
    source: "Meta 2025",
    reason: "It passes, but an overloaded service can have taken the message before it gave up answering.",
    isDisputed: true,
  },
  133004: {
    title: "a server of WhatsApp's is not available for now",
    class: "transient",
    maybeProcessed: true,
    advice: askMeta,
    source: "Meta 2025",
  },

  4: {
    title: "the app's limit of calls is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Meta 2025",
    reason: "It comes with HTTP 400, and passes all the same.",
  },
  17: {
    title: "the user's limit of calls is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Graph guide",
  },
  32: {
    title: "the page's limit of calls is reached",
    class: "throttled",
    scope: "app",
    advice: slowDown,
    source: "Graph guide",
  },
  341: {
    title: "a limit of the app is reached",
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
    title: "the WhatsApp account's limit of calls is reached",
    class: "throttled",
    scope: "account",
    advice: "Too many calls for this WhatsApp account: send more slowly.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, and passes all the same.",
  },
  130429: {
    title: "the number's throughput is reached",
    class: "throttled",
    scope: "number",
    advice: "Send more slowly from this number.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400, and passes within seconds.",
  },
  131056: {
    title: "too many messages from this number to this recipient",
    class: "throttled",
    scope: "pair",
    advice: "Send fewer messages to this one recipient; others are not affected.",
    source: "Meta 2025",
    reason: "It comes with HTTP 400. Meta asks for waits of 4^X seconds: 1, 4, 16, 64.",
  },
  131057: {
    title: "the account is in maintenance",
    class: "throttled",
    scope: "maintenance",
    waitMs: 60_000,
    advice: "Wait a minute: its throughput is being raised.",
    source: "Meta 2025",
    reason:
      "Repeating it like any HTTP 500 spends every attempt inside the minute that the maintenance takes, and nothing is processed meanwhile.",
    isDisputed: true,
  },
};
