import { exitCode } from "@message-sender/server/process";
import { err, ok, type Result } from "neverthrow";

import { callApi } from "./client.ts";
import type { ApiServer } from "./server.ts";
import { exitCodeOf } from "./exit-code.ts";
import { failureText } from "./failure-text.ts";

/** A list of the API. */
interface PagedList {
  /** The field of a page that has the entries. */
  readonly field: string;
  /** The most entries of a page. */
  readonly largestPage: number;
  pathOf(page: { readonly limit: number; readonly cursor?: string }): string;
}

/** Which part of a list. */
export interface Excerpt {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Found {
  /** The entries, as the server returned them. */
  readonly entries: readonly unknown[];
  readonly nextCursor: string | null;
}

/** Why a list cannot be shown, and the exit code of the command. */
export interface ListFailure {
  readonly reason: string;
  readonly exitCode: number;
}

/** Reads pages until there are `limit` entries, or no more. A page may be short although there is another one. */
export async function collectPages(
  server: ApiServer,
  { field, largestPage, pathOf }: PagedList,
  { limit, cursor: first }: Excerpt,
): Promise<Result<Found, ListFailure>> {
  const entries: unknown[] = [];
  let cursor: string | null = first ?? null;
  do {
    const size = Math.min(limit - entries.length, largestPage);
    const answer = await callApi(server, { path: pathOf({ limit: size, ...(cursor !== null && { cursor }) }) });
    if (answer.isErr()) return err(answer.error);
    const { status, body } = answer.value;
    if (status !== 200) return err({ reason: failureText(server, answer.value), exitCode: exitCodeOf(status) });
    const page = body[field];
    if (!Array.isArray(page)) {
      return err({ reason: `The server's answer is not a list of ${field}.`, exitCode: exitCode.failed });
    }
    entries.push(...(page as unknown[]));
    cursor = typeof body["next_cursor"] === "string" ? body["next_cursor"] : null;
  } while (cursor !== null && entries.length < limit);
  return ok({ entries, nextCursor: cursor });
}
