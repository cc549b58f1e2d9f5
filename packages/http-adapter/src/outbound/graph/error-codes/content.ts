import type { GraphErrorRows } from "./error-rule.ts";

const fixRequest = "Correct the request. The details say what is wrong.";
const fixParameters = "Make the template's parameters match its approved definition.";
const otherTemplate = "Stop sending this template. Improve its quality or use another one.";

/** The request or its template is wrong. */
export const contentErrors: GraphErrorRows = {
  100: {
    title: "a parameter is not valid",
    class: "request",
    advice: `${fixRequest} It can also mean that the phone number id is wrong or that the token has no access to it.`,
    source: "Meta 2025",
  },
  506: {
    title: "WhatsApp treated the request as a duplicate",
    class: "request",
    advice: "Change the message or wait.",
    source: "Graph guide",
  },
  803: {
    title: "the object does not exist",
    class: "request",
    advice: "Check the phone number id.",
    source: "Graph guide",
  },
  131008: { title: "a required parameter is missing", class: "request", advice: fixRequest, source: "Meta 2025" },
  131009: {
    title: "the value of a parameter is not valid",
    class: "request",
    advice: `${fixRequest} With the Marketing Messages API, the cause may be a template that is still syncing: wait ten minutes.`,
    source: "Meta 2025",
  },
  131051: { title: "the message type is not supported", class: "request", advice: fixRequest, source: "Meta 2025" },
  131052: {
    title: "the media could not be downloaded",
    class: "request",
    advice:
      "Check that the media's link is reachable from the internet, or upload the file and send its id. Then send a new message.",
    source: "Meta 2025",
    reason:
      "Meta documents it for media that a user sent. For a message to a user, it refers to the media of that message.",
  },
  131053: {
    title: "WhatsApp could not fetch or process the media",
    class: "request",
    advice:
      "Check that the media's link is reachable from the internet and that WhatsApp supports the file's type and size. Then send a new message: it cannot be a duplicate.",
    source: "Meta 2025",
    reason:
      "The same link usually fails again. The error comes by webhook, after WhatsApp has given up on the message. If the details name a fault of the media's host, a new message is safe and may succeed.",
    isDisputed: true,
  },
  131055: { title: "the method is not allowed", class: "request", advice: fixRequest, source: "Meta 2025" },
  131062: {
    title: "a business-scoped user id is not supported for this message",
    class: "request",
    advice: "Send to the phone number.",
    source: "Meta 2026",
  },
  132018: {
    title: "the template's parameters are not valid",
    class: "request",
    advice: fixParameters,
    source: "Meta 2025",
  },
  132021: {
    title: "the template's name is taken",
    class: "request",
    advice: "Choose another template name for this Direct Send message.",
    source: "third party",
  },
  134100: {
    title: "only marketing messages are supported by this endpoint",
    class: "request",
    advice: "Send a template that is not for marketing by the Cloud API: via cloud.",
    source: "Meta 2025",
  },
  135000: { title: "the request has an unspecified error", class: "request", advice: fixRequest, source: "Meta 2025" },

  132000: {
    title: "the number of template parameters is wrong",
    class: "template",
    advice: fixParameters,
    source: "Meta 2025",
  },
  132001: {
    title: "the template does not exist in this language, or is not approved",
    class: "template",
    advice: "Check the template's name, language and approval. A new approval takes some time to take effect.",
    source: "Meta 2025",
    reason: "It disappears some time after an approval, but later than a send can wait.",
  },
  132005: {
    title: "the template's text is too long",
    class: "template",
    advice: "Shorten the parameters.",
    source: "Meta 2025",
  },
  132007: {
    title: "the template violates WhatsApp's content policy",
    class: "template",
    advice: "Change the template's content.",
    source: "Meta 2025",
  },
  132012: {
    title: "a template parameter has the wrong format",
    class: "template",
    advice: fixParameters,
    source: "Meta 2025",
  },
  132015: {
    title: "the template is paused",
    class: "template",
    advice: otherTemplate,
    concerns: "pause",
    source: "Meta 2025",
    reason: "A pause lasts at least several hours. A queued message waits for its end.",
  },
  132016: { title: "the template is disabled", class: "template", advice: otherTemplate, source: "Meta 2025" },
  132068: {
    title: "the template's flow is blocked",
    class: "template",
    advice: "Fix the flow in WhatsApp Manager.",
    source: "Meta 2025",
  },
  132069: {
    title: "the template's flow is throttled",
    class: "template",
    advice: "Wait an hour, and fix the flow.",
    source: "Meta 2025",
    reason: "A throttled flow allows 10 messages an hour, so the limit clears later than a send can wait.",
  },
  134101: {
    title: "the template is still being synced",
    class: "template",
    advice: "Send the message again in ten minutes.",
    source: "Meta 2025",
    reason: "Syncing takes about ten minutes, which is longer than a send can wait.",
  },
  134102: {
    title: "the template cannot be used",
    class: "template",
    advice: otherTemplate,
    source: "Meta 2025",
    reason: "It comes with HTTP 500, but persists until the template is changed.",
  },
};

/** 138000 to 138018. */
export const callingRange = {
  title: "an error of the Calling API",
  class: "request",
  advice: "This error concerns calls, not messages.",
  source: "Meta 2026",
} as const;
