import { largestPage } from "@message-sender/core/values";
import { exitCode } from "@message-sender/server/process";
import { z } from "zod";

import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { collectPages } from "../api/collect-pages.ts";
import { printJson, printLine, printProblem } from "../print.ts";
import { printAnswer } from "../print-answer.ts";
import { queryPath } from "../api/query-path.ts";
import { table } from "../table.ts";

export interface WebhookFilters {
  readonly phoneNumberId?: string;
  readonly since?: string;
  readonly until?: string;
}

export interface ListWebhooksOptions extends WebhookFilters {
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

/** Prints the webhooks that were kept, the newest first: what each is about, or all of it as JSON. */
export async function listWebhooks(server: ApiServer, options: ListWebhooksOptions): Promise<number> {
  const pathOf = (page: { readonly limit: number; readonly cursor?: string }) =>
    queryPath("/api/v1/webhooks", { ...filtersOf(options), limit: String(page.limit), cursor: page.cursor });
  const found = await collectPages(server, { field: "webhooks", largestPage, pathOf }, options);
  if (found.isErr()) {
    printProblem(found.error.reason);
    return found.error.exitCode;
  }
  const { entries: webhooks, nextCursor } = found.value;
  if (options.json) {
    printJson({ webhooks, next_cursor: nextCursor });
    return exitCode.ok;
  }
  for (const line of table(webhooks.map(rowOf))) printLine(line);
  if (webhooks.length === 0) printProblem("No webhooks.");
  if (nextCursor !== null) printProblem(`There may be more: repeat the command with --cursor ${nextCursor}`);
  return exitCode.ok;
}

/** Forwards the webhooks that were kept to WEBHOOK_FORWARD_URL. Prints their number. */
export async function forwardWebhooks(
  server: ApiServer,
  options: WebhookFilters & { readonly again: boolean },
): Promise<number> {
  const path = queryPath("/api/v1/webhooks/forward", {
    ...filtersOf(options),
    ...(options.again && { again: "true" }),
  });
  return printAnswer(server, await callApi(server, { method: "POST", path }));
}

function filtersOf({ phoneNumberId, since, until }: WebhookFilters) {
  return { phone_number_id: phoneNumberId, since, until };
}

const text = z.string().catch("");
const webhookSchema = z
  .object({ received_at: text, field: text, phone_number_id: text, waba_id: text, id: text })
  .catch({ received_at: "", field: "", phone_number_id: "", waba_id: "", id: "" });

function rowOf(webhook: unknown) {
  const { received_at, field, phone_number_id, waba_id, id } = webhookSchema.parse(webhook);
  return { received: received_at, field, "phone number id": phone_number_id, account: waba_id, id };
}
