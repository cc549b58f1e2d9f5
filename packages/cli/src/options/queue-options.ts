import { type Command, Option } from "commander";

import { alwaysJson } from "../always-json.ts";
import { serverOf } from "../api/server.ts";
import type { ChangeManyOptions, ManyChange } from "../commands/change-many.ts";
import type { QueueOptions } from "../commands/queue.ts";
import type { PauseOptions } from "../commands/pause.ts";
import { countUpTo } from "../count-of.ts";
import { isFiltered, requireTenantOfKey, withFilters } from "./filter-options.ts";
import { runWithSettings } from "../with-settings.ts";

/** The commands about what is queued: `queue`, `cancel`, `resolve`, `pause` and `resume`. */
export function addQueueCommands(program: Command): void {
  program
    .command("queue")
    .description("show what is queued: how much, since when, and why, by outlet")
    .option("--tenant <id>", "tenant id (default: every tenant that the API key may see)")
    .option("--limit <number>", "how many outlets to show at most", countUpTo(1000), 20)
    .option("--json", "print the state of the queue as JSON", false)
    .action((options: QueueOptions) =>
      runWithSettings(async (settings) => (await import("../commands/queue.ts")).queue(serverOf(settings), options)),
    );
  confirmed(
    withFilters(
      program
        .command("cancel")
        .description("withdraw a queued message, or all that match")
        .usage("(<message-id> | <filters> [--yes])")
        .argument("[message-id]", "our id of the message"),
      ["queued"],
    ),
  ).action((messageId: string | undefined, options: ChangeManyOptions, command: Command) => {
    if (isOne(messageId, options, command)) {
      return runWithSettings(async (settings) =>
        (await import("../commands/cancel.ts")).cancel(serverOf(settings), messageId),
      );
    }
    return changeAll({ path: "/api/v1/messages/cancel", verb: "cancel", done: "canceled" }, options);
  });

  confirmed(
    withFilters(
      program
        .command("resolve")
        .description(
          "decide about a message whose outcome is unknown, or send a failed one again; or about all that match",
        )
        .usage("(<message-id> | <filters> [--yes]) (--resend | --abandon)")
        .argument("[message-id]", "our id of the message")
        .addOption(
          new Option("--resend", "queue it again; if its outcome is unknown, it may be sent twice").conflicts(
            "abandon",
          ),
        )
        .option("--abandon", "end an unknown message as failed; its unit of quota stays used"),
      ["unknown", "failed"],
    ),
  ).action((messageId: string | undefined, options: ResolveOptions, command: Command) => {
    const { resend, abandon } = options;
    if (!resend && !abandon) command.error("error: give either --resend or --abandon");
    const action = resend ? "resend" : "abandon";
    if (isOne(messageId, options, command)) {
      return runWithSettings(async (settings) =>
        (await import("../commands/resolve.ts")).resolve(serverOf(settings), messageId, action),
      );
    }
    const done = action === "resend" ? "queued again" : "abandoned";
    return changeAll({ path: "/api/v1/messages/resolve", action, verb: action, done }, options);
  });

  program
    .command("pause")
    .description("stop sending for a tenant, an outlet, a number or a template; queued messages wait")
    .usage(
      "(--tenant <id> | --tenant <id> --outlet <id> | --number <id> | --template <name>) --reason <text> [options]",
    )
    .option("--tenant <id>", "tenant id")
    .option("--outlet <id>", "outlet id; requires --tenant")
    .option("--number <id>", "Meta's id of a phone number")
    .option("--template <name>", "template, in each language or, as order_ready:en_US, in one")
    .option("--until <time>", "when the pause ends by itself, such as 2026-01-31T12:00:00Z")
    .option("--reason <text>", "why; callers whose messages are refused read it")
    .addOption(new Option("--list", "show what is paused").default(false).conflicts(["reason", "tenant", "outlet"]))
    .addOption(alwaysJson())
    .action((options: PauseOptions, command: Command) => {
      if (!options.list && options.reason === undefined) command.error("error: give --reason, or --list");
      return runWithSettings(async (settings) =>
        (await import("../commands/pause.ts")).pause(serverOf(settings), options),
      );
    });
  program
    .command("resume")
    .description("end a pause")
    .argument("<pause-id>", "the id of the pause, as `pause --list` shows it")
    .addOption(alwaysJson())
    .action((pauseId: string) =>
      runWithSettings(async (settings) => (await import("../commands/pause.ts")).resume(serverOf(settings), pauseId)),
    );
}

interface ResolveOptions extends ChangeManyOptions {
  readonly resend?: true;
  readonly abandon?: true;
}

function confirmed(command: Command): Command {
  return command
    .option("--yes", "change all that match without asking", false)
    .option("--json", "print JSON: the record of one message, or the counts of many", false);
}

/** Whether one message is meant. Both ways at once, or none, is a usage error. */
function isOne(messageId: string | undefined, options: ChangeManyOptions, command: Command): messageId is string {
  requireTenantOfKey(options, command);
  if ((messageId === undefined) === isFiltered(options)) return messageId !== undefined;
  return command.error("error: give either a message id or at least one filter");
}

function changeAll(change: ManyChange, options: ChangeManyOptions): Promise<void> {
  return runWithSettings(async (settings) =>
    (await import("../commands/change-many.ts")).changeMany(serverOf(settings), change, options),
  );
}
