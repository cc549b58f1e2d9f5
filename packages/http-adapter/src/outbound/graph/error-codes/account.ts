import type { GraphErrorRows } from "./error-rule.ts";

const register = "Register the phone number for the Cloud API again.";
const support = "See the account's health status in WhatsApp Manager and contact Meta.";
const notForSending = "This error concerns the registration of a number, not sending.";

/** The account, its number, its billing or a policy violation prevents sending. */
export const accountErrors: GraphErrorRows = {
  33: {
    title: "the phone number was deleted",
    class: "account",
    advice: "Configure an existing phone number for the outlet.",
    source: "Meta 2025",
  },
  131031: { title: "the account is locked", class: "account", advice: support, source: "Meta 2025" },
  131037: {
    title: "the number's display name is not approved",
    class: "account",
    advice: "Get the number's display name approved in WhatsApp Manager.",
    source: "Meta 2025",
  },
  131042: {
    title: "there is a problem with payment or eligibility",
    class: "account",
    advice: "Check the account's payment method and eligibility in WhatsApp Manager.",
    source: "Meta 2025",
  },
  131045: {
    title: "the number's certificate is not valid",
    class: "account",
    advice: register,
    source: "Meta 2025",
    reason: "It comes with HTTP 500, but persists until the number is registered again.",
  },
  131063: {
    title: "marketing is disabled on the Cloud API",
    class: "account",
    advice: "Use the Marketing Messages API, or enable marketing again.",
    source: "Meta 2026",
  },
  133000: {
    title: "an earlier deregistration is incomplete",
    class: "account",
    advice: register,
    source: "Meta 2025",
    reason: "It comes with HTTP 500, but persists until the number is registered again.",
  },
  133005: {
    title: "the two-step verification PIN is wrong",
    class: "account",
    advice: notForSending,
    source: "Meta 2025",
  },
  133006: { title: "the phone number must be verified", class: "account", advice: notForSending, source: "Meta 2025" },
  133008: {
    title: "the PIN was entered incorrectly too many times",
    class: "account",
    advice: notForSending,
    source: "Meta 2025",
  },
  133009: { title: "the PIN was entered too quickly", class: "account", advice: notForSending, source: "Meta 2025" },
  133010: { title: "the phone number is not registered", class: "account", advice: register, source: "Meta 2025" },
  133015: {
    title: "the phone number was deleted recently",
    class: "account",
    advice: "Wait five minutes, then register the number.",
    source: "Meta 2025",
  },
  133016: {
    title: "the number was registered or deregistered too many times",
    class: "account",
    advice: "Registration is blocked for 72 hours. Register the number after that.",
    source: "Meta 2025",
    reason: "Meta calls it a limit, but it blocks registration for 72 hours, which is longer than any send waits.",
    isDisputed: true,
  },
  134011: {
    title: "the terms of service of WhatsApp Payments are not accepted",
    class: "account",
    advice: "Accept the terms of service in WhatsApp Manager.",
    source: "Meta 2025",
  },
  139200: {
    title: "access to Direct Send is blocked",
    class: "account",
    advice: "Send an approved template instead.",
    source: "Meta 2026",
  },

  368: {
    title: "the account is temporarily blocked for a policy violation",
    class: "policy",
    advice: support,
    source: "Meta 2025",
    reason: "Meta calls it temporary, but the block lasts for hours or days, and retries can prolong it.",
  },
  130497: {
    title: "the account may not send messages to this country",
    class: "policy",
    advice: "Do not send to recipients in this country.",
    source: "Meta 2025",
  },
  131048: {
    title: "too many recipients blocked this number or reported its messages as spam",
    class: "policy",
    advice: "The number's quality rating is low. Send only to people who expect your messages.",
    source: "Meta 2025",
    reason:
      "Meta calls it a rate limit, but it depends on the number's quality rating: sending more slowly does not lift it, and each retry may lower the rating further.",
    isDisputed: true,
  },
  131064: {
    title: "the account's classification limit is reached",
    class: "policy",
    advice: "Wait until the restriction ends, or send approved templates.",
    source: "Meta 2026",
  },
};
