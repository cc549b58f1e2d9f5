import { largestPage } from "@message-sender/core/adapter";
import { exitCode } from "@message-sender/server/process";
import { err, ok, type Result } from "neverthrow";

import { type ApiServer, callApi } from "./api-client.ts";
import { exitCodeOf } from "./exit-code.ts";
import { type ListFilters, listPath } from "./list-query.ts";

export interface FoundMessages {
  /** The records, as the server returned them. */
  readonly messages: readonly unknown[];
  readonly nextCursor: string | null;
}

/** Why the messages could not be listed, and the exit code of the command. */
export interface ListFailure {
  readonly reason: string;
  readonly exitCode: number;
}

/** Reads pages until there are `limit` messages, or no more. A page may be short although there is another one. */
export async function listMessages(
  server: ApiServer,
  filters: ListFilters,
  { limit, cursor: first }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Result<FoundMessages, ListFailure>> {
  const messages: unknown[] = [];
  let cursor: string | null = first ?? null;
  do {
    const size = Math.min(limit - messages.length, largestPage);
    const answer = await callApi(server, {
      path: listPath(filters, { limit: size, ...(cursor !== null && { cursor }) }),
    });
    if (answer.isErr()) return err(answer.error);
    const { status, body } = answer.value;
    if (status !== 200) return err({ reason: detailOf(body), exitCode: exitCodeOf(status) });
    if (!Array.isArray(body["messages"])) {
      return err({ reason: "The server's answer is not a list of messages.", exitCode: exitCode.failed });
    }
    messages.push(...(body["messages"] as unknown[]));
    cursor = typeof body["next_cursor"] === "string" ? body["next_cursor"] : null;
  } while (cursor !== null && messages.length < limit);
  return ok({ messages, nextCursor: cursor });
}

/** What is wrong, and which parameters are. */
function detailOf({ detail, errors }: Readonly<Record<string, unknown>>): string {
  const fields = (Array.isArray(errors) ? (errors as unknown[]) : []).flatMap((error) => {
    const { pointer, detail: what } = { ...(error as Record<string, unknown>) };
    return typeof pointer === "string" && typeof what === "string" ? `${pointer.slice(1)} ${what}` : [];
  });
  const sentence = typeof detail === "string" ? detail : "The server's answer is not a list of messages.";
  return fields.length === 0 ? sentence : `${sentence} ${fields.join("; ")}`;
}
