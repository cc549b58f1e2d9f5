import { messageStatuses } from "@message-sender/core/values";
import { type Command, Option } from "commander";

import type { ListFilters } from "../list-query.ts";

/** The filters of the list of messages, as options. */
export function withFilters(command: Command, statuses: readonly string[] = messageStatuses): Command {
  return command
    .option("--tenant <id>", "tenant id (default: every tenant that the API key may see)")
    .option("--outlet <id>", "outlet id")
    .option("--conversation <id>", "conversation id")
    .addOption(new Option("--status <status>", "status").choices(statuses))
    .option("--to <recipient>", "recipient: a phone number with its +, or a business-scoped user id")
    .option("--reference <text>", "your own id for the message")
    .option("--wamid <id>", "WhatsApp's id of the message")
    .option("--idempotency-key <key>", "Idempotency-Key of the send; requires --tenant")
    .option("--since <time>", "accepted from this time on, such as 2026-01-31 or 2026-01-31T12:00:00Z")
    .option("--until <time>", "accepted before this time");
}

/** Whether a filter is given. */
export function isFiltered(options: ListFilters): boolean {
  const { tenant, outlet, conversation, status, to, reference, wamid, idempotencyKey, since, until } = options;
  const given = [tenant, outlet, conversation, status, to, reference, wamid, idempotencyKey, since, until];
  return given.some((value) => value !== undefined);
}

/** Each tenant has its own keys. */
export function requireTenantOfKey({ idempotencyKey, tenant }: ListFilters, command: Command): void {
  if (idempotencyKey !== undefined && tenant === undefined) {
    command.error("error: --idempotency-key needs --tenant: each tenant has its own keys");
  }
}
