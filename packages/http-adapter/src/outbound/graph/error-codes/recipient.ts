import type { GraphErrorRows } from "./error-rule.ts";

/** This recipient cannot be reached, permanently or for now. Other recipients are not affected. */
export const recipientErrors: GraphErrorRows = {
  130403: {
    title: "the business has blocked this user",
    class: "recipient",
    advice: "Unblock the user before sending.",
    source: "Meta 2026",
  },
  130472: {
    title: "the recipient is part of a WhatsApp experiment",
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
    title: "the message is undeliverable to this recipient",
    class: "recipient",
    advice:
      "The recipient may not be on WhatsApp, may use an old version, or may not have accepted its terms. Use another channel.",
    source: "Meta 2025",
    reason:
      "Meta does not state the cause, for the recipient's privacy. Few of the possible causes clear within seconds.",
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
    title: "not delivered, to maintain healthy ecosystem engagement",
    class: "recipient",
    advice: "Wait at least 24 hours before you send this recipient more marketing.",
    source: "Meta 2025",
    reason: "The limit clears after a day or more, and Meta asks senders not to retry at once.",
  },
  131050: {
    title: "the recipient has opted out of marketing messages",
    class: "recipient",
    advice: "Do not send marketing to this recipient.",
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
