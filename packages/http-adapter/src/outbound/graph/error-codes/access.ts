import type { GraphErrorRows } from "./error-rule.ts";

const newToken = "Give the outlet a valid access token. A system user's token does not expire.";
const grant = "Grant the token's system user the permission whatsapp_business_messaging on this WhatsApp account.";

/** The access token is refused, or lacks a permission. */
export const accessErrors: GraphErrorRows = {
  0: { title: "the access token was refused", class: "credentials", advice: newToken, source: "Meta 2025" },
  102: { title: "the session has expired", class: "credentials", advice: newToken, source: "Graph guide" },
  104: { title: "there is no valid access token", class: "credentials", advice: newToken, source: "OpenAPI" },
  190: {
    title: "the access token has expired or is invalid",
    class: "credentials",
    advice: newToken,
    source: "Meta 2025",
  },

  3: {
    title: "the app lacks a capability",
    class: "permission",
    advice: grant,
    source: "Meta 2025",
    reason: "It comes with HTTP 500, but a retry cannot add a missing capability.",
  },
  10: { title: "the permission is missing or was revoked", class: "permission", advice: grant, source: "Meta 2025" },
  131005: { title: "access is denied", class: "permission", advice: grant, source: "Meta 2025" },
};

/** 200 to 299. */
export const permissionRange = {
  title: "a permission is missing",
  class: "permission",
  advice: grant,
  source: "Meta 2025",
} as const;
