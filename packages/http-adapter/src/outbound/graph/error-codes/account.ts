import type { GraphErrorRows } from "./error-rule.ts";

const register = "Register the phone number for the Cloud API again.";
const support = "See the account's health status in WhatsApp Manager and contact Meta.";
const notForSending = "This belongs to the registration of a number, not to sending.";

/** What stands in the way is the account, its number or its billing, or a policy that it fell foul of. */
export const accountErrors: GraphErrorRows = {
  33: {
    title: "the phone number was deleted",
    class: "account",
    advice: "Give the outlet a phone number that exists.",
    source: "Meta 2025",
  },
  131031: { title: "the account is locked", class: "account", advice: support, source: "Meta 2025" },
  131037: {
    title: "the number's display name is not approved",
    class: "account",
    advice: "Have the number's display name approved.",
    source: "Meta 2025",
  },
  131042: {
    title: "there is a problem with payment or eligibility",
    class: "account",
    advice: "Settle the account's billing in WhatsApp Manager.",
    source: "Meta 2025",
  },
  131045: {
    title: "the number's certificate is wrong",
    class: "account",
    advice: register,
    source: "Meta 2025",
    reason: "It comes with HTTP 500, but stays until the number is registered anew.",
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
    reason: "It comes with HTTP 500, but stays until the number is registered anew.",
  },
  133005: {
    title: "the PIN of the two-step verification is wrong",
    class: "account",
    advice: notForSending,
    source: "Meta 2025",
  },
  133006: { title: "the phone number must be verified", class: "account", advice: notForSending, source: "Meta 2025" },
  133008: {
    title: "the PIN was guessed too often",
    class: "account",
    advice: notForSending,
    source: "Meta 2025",
  },
  133009: { title: "the PIN was guessed too fast", class: "account", advice: notForSending, source: "Meta 2025" },
  133010: { title: "the phone number is not registered", class: "account", advice: register, source: "Meta 2025" },
  133015: {
    title: "the phone number was deleted a moment ago",
    class: "account",
    advice: "Wait five minutes, then register it.",
    source: "Meta 2025",
  },
  133016: {
    title: "the number was registered or deregistered too often",
    class: "account",
    advice: "Registration is locked for 72 hours; register the number after that.",
    source: "Meta 2025",
    reason: "It is named a limit, but it locks registration for 72 hours, and no wait of a send outlasts that.",
    isDisputed: true,
  },
  134011: {
    title: "the terms of WhatsApp Payments are not accepted",
    class: "account",
    advice: "Accept the payments terms in WhatsApp Manager.",
    source: "Meta 2025",
  },
  139200: {
    title: "access to Direct Send is blocked",
    class: "account",
    advice: "Send an approved template instead.",
    source: "Meta 2026",
  },

  368: {
    title: "the account is blocked for a time, for violating a policy",
    class: "policy",
    advice: support,
    source: "Meta 2025",
    reason: "It is called temporary, but it is a penalty of hours or days: repeating it only adds to the violation.",
  },
  130497: {
    title: "the account may not message this country",
    class: "policy",
    advice: "Do not message recipients in this country.",
    source: "Meta 2025",
  },
  131048: {
    title: "too many of this number's messages were blocked or reported as spam",
    class: "policy",
    advice: "The number's quality is low: message only people who expect it.",
    source: "Meta 2025",
    reason:
      "It is named a rate limit, but it is a verdict on quality: sending more slowly does not lift it, and each repeat may lower it further.",
    isDisputed: true,
  },
  131064: {
    title: "the account's limit of classification is reached",
    class: "policy",
    advice: "Wait until the restriction ends, or send templates.",
    source: "Meta 2026",
  },
};
