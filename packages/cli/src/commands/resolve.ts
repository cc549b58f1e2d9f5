import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer } from "../print-answer.ts";

/** Resends a message that is unknown or failed, or abandons an unknown one. Prints its record. */
export async function resolve(server: ApiServer, messageId: string, action: "resend" | "abandon"): Promise<number> {
  const path = `/api/v1/messages/${encodeURIComponent(messageId)}/resolve`;
  return printAnswer(server, await callApi(server, { path, body: { action } }));
}
