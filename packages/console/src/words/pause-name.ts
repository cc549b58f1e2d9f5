import type { Pause } from "@message-sender/core";

import { capitalized } from "./capitalized.ts";

/** What a pause stops, for people: `Template order_ready of acme in en`. */
export function pauseName({ kind, name, tenantId, language, wabaId }: Pause): string {
  const details = [
    kind !== "tenant" && tenantId !== undefined ? `of ${tenantId}` : "",
    language === undefined ? "" : `in ${language}`,
    wabaId === undefined ? "" : `of account ${wabaId}`,
  ].filter((part) => part !== "");
  return [`${capitalized(kind)} ${name}`, ...details].join(" ");
}
