import type { GraphErrorRows } from "./error-rule.ts";

const fixRequest = "Correct the request; the details say what is wrong.";
const fixParameters = "Make the template's parameters match its approved definition.";
const otherTemplate = "Stop sending this template; improve its quality or use another one.";

/** What stands in the way is what is sent: the request itself or its template. */
export const contentErrors: GraphErrorRows = {
  100: {
    title: "a parameter is not valid",
    class: "request",
    advice: `${fixRequest} It also comes where the phone number id is wrong, or the token may not use it.`,
    source: "Meta 2025",
  },
  506: {
    title: "WhatsApp took it for a repeat",
    class: "request",
    advice: "Change the message or wait.",
    source: "Graph guide",
  },
  803: {
    title: "there is no such object",
    class: "request",
    advice: "Check the phone number id.",
    source: "Graph guide",
  },
  131008: { title: "a required parameter is missing", class: "request", advice: fixRequest, source: "Meta 2025" },
  131009: {
    title: "the value of a parameter is not valid",
    class: "request",
    advice: `${fixRequest} With the Marketing Messages API it may be a template that is still syncing: wait ten minutes.`,
    source: "Meta 2025",
  },
  131051: { title: "the type of message is not supported", class: "request", advice: fixRequest, source: "Meta 2025" },
  131052: {
    title: "the media could not be downloaded",
    class: "request",
    advice: "Check that the media's link can be reached, or upload the file and send its id; then send a new message.",
    source: "Meta 2025",
    reason: "Meta documents it for media that a user sent. Of a message to a user it means the media of that message.",
  },
  131053: {
    title: "WhatsApp could not get the media",
    class: "request",
    advice:
      "Check that the media's link can be reached and that type and size are what WhatsApp supports; then send a new message, which cannot be a duplicate.",
    source: "Meta 2025",
    reason:
      "The same link mostly fails the same way. It comes by webhook, when WhatsApp has given the message up: where the details name a fault of the media's host, a new message is safe and may pass.",
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
    advice: "Use another name for this Direct Send message.",
    source: "third party",
  },
  134100: {
    title: "only marketing messages are supported here",
    class: "request",
    advice: fixRequest,
    source: "Meta 2025",
  },
  135000: { title: "the request has an error", class: "request", advice: fixRequest, source: "Meta 2025" },

  132000: {
    title: "the number of the template's parameters is wrong",
    class: "template",
    advice: fixParameters,
    source: "Meta 2025",
  },
  132001: {
    title: "the template does not exist in this language, or is not approved",
    class: "template",
    advice: "Check its name, language and approval; approval takes time to spread.",
    source: "Meta 2025",
    reason: "Right after an approval it passes, but later than a send may wait.",
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
    title: "a parameter of the template has the wrong format",
    class: "template",
    advice: fixParameters,
    source: "Meta 2025",
  },
  132015: {
    title: "the template is paused",
    class: "template",
    advice: otherTemplate,
    source: "Meta 2025",
    reason: "A pause lasts for hours at least.",
  },
  132016: { title: "the template is disabled", class: "template", advice: otherTemplate, source: "Meta 2025" },
  132068: {
    title: "the template's flow is blocked",
    class: "template",
    advice: "Repair the flow in WhatsApp Manager.",
    source: "Meta 2025",
  },
  132069: {
    title: "the template's flow is throttled",
    class: "template",
    advice: "Wait an hour, and repair the flow.",
    source: "Meta 2025",
    reason: "It allows 10 messages an hour, so that it passes later than a send may wait.",
  },
  134101: {
    title: "the template is still being synced",
    class: "template",
    advice: "Send it again in ten minutes.",
    source: "Meta 2025",
    reason: "It passes after ten minutes, which is longer than a send may wait.",
  },
  134102: {
    title: "the template cannot be used",
    class: "template",
    advice: otherTemplate,
    source: "Meta 2025",
    reason: "It comes with HTTP 500, but stays until somebody changes the template.",
  },
};

/** 138000 to 138018. */
export const callingRange = {
  title: "an error of calling",
  class: "request",
  advice: "This belongs to calls, not messages.",
  source: "Meta 2026",
} as const;
