import type { Command } from "commander";

import { serverOf } from "../api/server.ts";
import type { ListOptions } from "../commands/list.ts";
import type { MessageTarget } from "../find-message-id.ts";
import { alwaysJson } from "../always-json.ts";
import { countUpTo } from "../count-of.ts";
import { requireTenantOfKey, withFilters } from "./filter-options.ts";
import { runWithSettings } from "../with-settings.ts";

/** The commands that find messages: `list`, `status` and `explain`. */
export function addMessageCommands(program: Command): void {
  withFilters(program.command("list").description("show messages, the newest first"))
    .option("--limit <number>", "how many messages to show at most", countUpTo(10_000), 20)
    .option("--cursor <cursor>", "continue where an earlier list ended")
    .option("--json", "print the whole records as JSON", false)
    .action((options: ListOptions, command: Command) => {
      requireTenantOfKey(options, command);
      return runWithSettings(async (settings) =>
        (await import("../commands/list.ts")).list(serverOf(settings), options),
      );
    });
  withTarget(program.command("status").description("show a message's status"))
    .option("--watch", "show each change until the status is final", false)
    .addOption(alwaysJson())
    .action((message: string | undefined, options: TargetOptions & { watch: boolean }, command: Command) => {
      const target = targetOf(message, options, command);
      return runWithSettings(async (settings) =>
        (await import("../commands/status.ts")).status(serverOf(settings), target, options),
      );
    });
  withTarget(
    program
      .command("explain")
      .description("explain what happened to a message, and why each attempt was or was not repeated"),
  )
    .option("--json", "print the record as JSON", false)
    .action((message: string | undefined, options: TargetOptions & { json: boolean }, command: Command) => {
      const target = targetOf(message, options, command);
      return runWithSettings(async (settings) =>
        (await import("../commands/explain.ts")).explain(serverOf(settings), target, options),
      );
    });
}

type TargetOptions = Omit<MessageTarget, "message">;

function withTarget(command: Command): Command {
  return command
    .usage("(<message-id> | <whatsapp-id> | --reference <text> | --idempotency-key <key> --tenant <id>) [options]")
    .argument("[message-id]", "our id of the message, or WhatsApp's")
    .option("--wamid <id>", "WhatsApp's id of the message")
    .option("--reference <text>", "your own id for the message")
    .option("--idempotency-key <key>", "Idempotency-Key of the send; requires --tenant")
    .option("--tenant <id>", "tenant id");
}

function targetOf(message: string | undefined, options: TargetOptions, command: Command): MessageTarget {
  const given = [message, options.wamid, options.reference, options.idempotencyKey].filter(
    (name) => name !== undefined,
  );
  if (given.length !== 1) {
    command.error("error: give one of a message id, WhatsApp's id of the message, --reference and --idempotency-key");
  }
  requireTenantOfKey(options, command);
  return { ...options, ...(message !== undefined && { message }) };
}
