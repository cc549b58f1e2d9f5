import type { GraphErrorRows } from "./error-rule.ts";

/** What stands in the way is this recipient, for good or for now; others can be written to. */
export const recipientErrors: GraphErrorRows = {
  130403: {
    title: "the business has blocked this user",
    class: "recipient",
    advice: "Unblock the user before sending.",
    source: "Meta 2026",
  },
  130472: {
    title: "the recipient is part of an experiment of WhatsApp's",
    class: "recipient",
    advice: "Use another channel, or a message that is not marketing.",
    source: "Meta 2025",
  },
  131021: {
    title: "the recipient is the sender",
    class: "recipient",
    advice: "Send to a number other than the outlet's own.",
    source: "Meta 2025",
  },
  131026: {
    title: "the message cannot be delivered to this recipient",
    class: "recipient",
    advice:
      "The recipient may not be on WhatsApp, use an old version of it or not have accepted its terms; use another channel.",
    source: "Meta 2025",
    reason: "Meta keeps its cause vague for the recipient's privacy; few of the causes pass within a send.",
  },
  131030: {
    title: "the recipient is not in the allowed list",
    class: "recipient",
    advice: "Add the recipient to the test number's allowed list.",
    source: "third party",
  },
  131047: {
    title: "the 24-hour window is closed",
    class: "recipient",
    advice: "Send a template.",
    concerns: "window",
    source: "Meta 2025",
  },
  131049: {
    title: "held back to keep the recipient's engagement healthy",
    class: "recipient",
    advice: "Wait at least 24 hours before any further marketing.",
    source: "Meta 2025",
    reason: "It passes only after a day or more, and Meta asks not to repeat it at once.",
  },
  131050: {
    title: "the recipient has stopped marketing messages",
    class: "recipient",
    advice: "Do not send this recipient marketing.",
    concerns: "opt-out",
    source: "Meta 2025",
  },
  137000: {
    title: "the recipient's identity has changed",
    class: "recipient",
    advice: "Confirm the recipient's identity first.",
    source: "Meta 2026",
  },
};
