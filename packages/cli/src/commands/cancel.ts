import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer } from "../print-answer.ts";

/** Withdraws a queued message. Prints its record. */
export async function cancel(server: ApiServer, messageId: string): Promise<number> {
  const path = `/api/v1/messages/${encodeURIComponent(messageId)}/cancel`;
  return printAnswer(server, await callApi(server, { path, method: "POST" }));
}
