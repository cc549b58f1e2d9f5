import type { Command } from "commander";

import { alwaysJson } from "../always-json.ts";
import { serverOf } from "../api/server.ts";
import type { ListWebhooksOptions, WebhookFilters } from "../commands/webhooks.ts";
import { countUpTo } from "../count-of.ts";
import { runWithSettings } from "../with-settings.ts";

/** `message-sender webhooks`: what WhatsApp reported beside the statuses of messages. */
export function addWebhooks(program: Command): void {
  const webhooks = program
    .command("webhooks")
    .description("show or forward the webhooks that were kept: what customers wrote, and changes of accounts");
  withFilters(webhooks.command("list").description("show the webhooks that were kept, the newest first"))
    .option("--limit <number>", "how many webhooks to show at most", countUpTo(10_000), 20)
    .option("--cursor <cursor>", "continue where an earlier list ended")
    .option("--json", "print the whole webhooks as JSON", false)
    .action((options: ListWebhooksOptions) =>
      runWithSettings(async (settings) =>
        (await import("../commands/webhooks.ts")).listWebhooks(serverOf(settings), options),
      ),
    );
  withFilters(
    webhooks
      .command("forward")
      .description("forward to WEBHOOK_FORWARD_URL the webhooks that were kept and not forwarded yet"),
  )
    .option("--again", "also those that its receiver has accepted", false)
    .addOption(alwaysJson())
    .action((options: WebhookFilters & { again: boolean }) =>
      runWithSettings(async (settings) =>
        (await import("../commands/webhooks.ts")).forwardWebhooks(serverOf(settings), options),
      ),
    );
}

function withFilters(command: Command): Command {
  return command
    .option("--phone-number-id <id>", "Meta's id of the business phone number that they are about")
    .option("--since <time>", "received from this time on, such as 2026-01-31 or 2026-01-31T12:00:00Z")
    .option("--until <time>", "received before this time");
}
