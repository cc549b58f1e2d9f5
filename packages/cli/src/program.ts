import { printable, sandboxIds } from "@message-sender/server/process";
import { Command, InvalidArgumentError, Option } from "commander";

import { alwaysJson } from "./always-json.ts";
import { serverOf } from "./api/server.ts";
import { addBulk } from "./options/bulk-options.ts";
import type { ConfigOptions } from "./commands/config.ts";
import type { DoctorOptions } from "./commands/doctor.ts";
import type { SandboxOptions } from "./commands/sandbox.ts";
import type { ServeOptions } from "./commands/serve.ts";
import type { SendOptions } from "./commands/send.ts";
import type { UsageOptions } from "./commands/usage.ts";
import { addQueueCommands } from "./options/queue-options.ts";
import { completeCommands } from "./every-command.ts";
import { finish } from "./finish.ts";
import { addKeys } from "./options/key-options.ts";
import { addMessageCommands } from "./options/message-options.ts";
import { version } from "./version.ts";
import { addWebhooks } from "./options/webhook-options.ts";
import { runWithSettings } from "./with-settings.ts";

/**
 * The commands and their options. The implementation of each is in `commands/`, and is loaded when it is called: help needs none of
 * them, and a client of the API does not need the server.
 */
export function createProgram(): Command {
  const program = new Command("message-sender")
    .description(
      "Sends WhatsApp messages reliably: as a server, from the shell, or in a sandbox that needs no account.",
    )
    .version(version)
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) })
    .exitOverride();

  program
    .command("serve")
    .description("run the server, with the settings that `config` prints, until SIGTERM")
    .option("--sandbox", "emulate WhatsApp, the Tenant Service and the Conversation Service on this machine", false)
    .addOption(
      new Option("--processes <number>", "processes that share the ports, on PostgreSQL; not with --sandbox")
        .default(1)
        .argParser(processCount)
        .conflicts("sandbox"),
    )
    .option("--no-worker", "leave the queue to others, such as `work`, on PostgreSQL")
    .addOption(
      new Option("--process <number>", "which of the processes this one is").argParser(processCount).hideHelp(),
    )
    .action((options: ServeOptions) =>
      runWithSettings(async (settings) => (await import("./commands/serve.ts")).serve(settings, options), options),
    );
  program
    .command("work")
    .description(
      "work on the queue beside servers on the same PostgreSQL, until SIGTERM; METRICS_PORT serves its health",
    )
    .action(() => runWithSettings(async (settings) => (await import("./commands/work.ts")).work(settings)));
  program
    .command("demo")
    .description("show in a few seconds how messages are sent, retried, refused and counted")
    .action(() => finish(import("./commands/demo.ts").then(({ demo }) => demo())));
  program
    .command("sandbox")
    .description("run only the emulators of WhatsApp and both services, until SIGTERM")
    .option(
      "--port <number>",
      "port of WhatsApp; the Tenant Service, the Conversation Service and the receiver of callbacks get the next three (0: any free ports)",
      port,
      0,
    )
    .option("--samples", "start with sample numbers, templates and chats (default: at a terminal)")
    .option("--no-samples", "start empty")
    .action((options: SandboxOptions) =>
      finish(import("./commands/sandbox.ts").then(({ sandbox }) => sandbox(options))),
    );
  addSend(program);
  addBulk(program);
  addKeys(program);
  addMessageCommands(program);
  addUsage(program);
  addWebhooks(program);
  addQueueCommands(program);
  program
    .command("history")
    .description("manage the updates to the Conversation Service")
    .command("replay")
    .description("redeliver updates that the Conversation Service refused, or did not accept within three days")
    .argument("[message_id]", "only this message, also if it waits for a retry or was delivered")
    .option("--tenant <id>", "only this tenant, up to 1,000 updates")
    .addOption(alwaysJson())
    .action((messageId: string | undefined, { tenant }: { readonly tenant?: string }) =>
      runWithSettings(async (settings) =>
        (await import("./commands/replay.ts")).replay(serverOf(settings), "history/replay", {
          message_id: messageId,
          tenant_id: tenant,
        }),
      ),
    );
  const callbacks = program.command("callbacks").description("manage the status callbacks");
  callbacks
    .command("replay")
    .description("redeliver callbacks that their receiver refused for good, or did not take within three days")
    .addOption(alwaysJson())
    .action(() =>
      runWithSettings(async (settings) =>
        (await import("./commands/replay.ts")).replay(serverOf(settings), "callbacks/replay"),
      ),
    );
  callbacks
    .command("discard")
    .description("forget callbacks that their receiver refused for good, or did not take within three days")
    .addOption(alwaysJson())
    .action(() =>
      runWithSettings(async (settings) =>
        (await import("./commands/replay.ts")).replay(serverOf(settings), "callbacks/discard"),
      ),
    );
  program
    .command("erase")
    .description("erase a person from everything that the server keeps")
    .requiredOption("--to <number>", "a phone number in E.164 format, with its +, or a business-scoped user id")
    .addOption(alwaysJson())
    .action(({ to }: { to: string }) =>
      runWithSettings(async (settings) => (await import("./commands/erase.ts")).erase(serverOf(settings), to)),
    );
  program
    .command("backup")
    .description("back up the SQLite store into a new file, with or without a running server")
    .argument("<file>", "name of the new file; only its owner can read it")
    .addOption(alwaysJson())
    .action((file: string) =>
      runWithSettings(async (settings) => (await import("./commands/backup.ts")).backup(settings, file)),
    );
  program
    .command("restore")
    .description(
      "mark unfinished messages of a store that was restored from a backup as unknown, before a server opens it",
    )
    .option("--json", "print how many messages it marked, as JSON", false)
    .action((options: { json: boolean }) =>
      runWithSettings(async (settings) => (await import("./commands/restore.ts")).restore(settings, options)),
    );
  program
    .command("config")
    .description("print the settings, secrets masked")
    .option("--json", "print them as JSON", false)
    .addOption(new Option("--describe", "say what each is for").conflicts("json"))
    .action((options: ConfigOptions) =>
      runWithSettings(async (settings) => (await import("./commands/config.ts")).config(settings, options)),
    );
  program
    .command("migrate")
    .description("bring the store up to date, or create it, as `serve` does when it starts")
    .option("--json", "print the schema versions as JSON", false)
    .action((options: { json: boolean }) =>
      runWithSettings(async (settings) => (await import("./commands/migrate.ts")).migrate(settings, options)),
    );
  program
    .command("init")
    .description("write an .env and a tenants file with fresh secrets, to start from")
    .argument("[folder]", "where to write them; it is made if it does not exist", ".")
    .option("--json", "print the names of the files as JSON", false)
    .action((folder: string, options: { json: boolean }) =>
      finish(import("./commands/init.ts").then(({ init }) => init(folder, options))),
    );
  program
    .command("doctor")
    .description("check the settings, the store, the services, each outlet at WhatsApp, and the webhooks; send nothing")
    .option("--tenant <id>", "tenant of the outlet to check; requires --outlet")
    .option("--outlet <id>", "outlet to check (default: every outlet of TENANTS_FILE)")
    .option("--webhook-url <url>", "where WhatsApp sends webhooks (default: what WhatsApp says, or MESSAGE_SENDER_URL)")
    .option("--timeout <seconds>", "how long all checks together may take", Number, 30)
    .option("--json", "print the checks as JSON", false)
    .action((options: Omit<DoctorOptions, "variables">) =>
      runWithSettings(async (settings, variables) =>
        (await import("./commands/doctor.ts")).doctor(settings, { ...options, variables }),
      ),
    );
  completeCommands(program);
  return program;
}

function addSend(program: Command): void {
  program
    .command("send")
    .description("send a text, or a message of any type, through the server at MESSAGE_SENDER_URL")
    .usage("--to <number> (--text <text> | --type <type> --message <json>) [options]")
    .requiredOption(
      "--to <number>",
      "recipient: a phone number in E.164 format, with its +, or a business-scoped user id",
    )
    .addOption(new Option("--text <text>", "text of the message").conflicts(["type", "message"]))
    .option("--type <type>", "Meta's name of the type, such as image or template; requires --message")
    .option("--message <json>", "the object that Meta puts under that type", json)
    .option("--reply-to <wamid>", "WhatsApp's id of the message to reply to")
    .addOption(
      new Option("--via <api>", "the API that sends a template (default: the outlet's)").choices([
        "cloud",
        "marketing",
      ]),
    )
    .option("--tenant <id>", "tenant id (default: one that a sandbox accepts)")
    .option("--outlet <id>", "outlet id (default: one that a sandbox accepts)")
    .option("--conversation <id>", `conversation id (default: ${sandboxIds.conversation})`)
    .option("--reference <text>", "your own id for the message")
    .option("--idempotency-key <key>", "repeating the command with the same key cannot send twice")
    .addOption(alwaysJson())
    .action((options: SendOptions, command: Command) => {
      const { text, type, message } = options;
      if (text === undefined && (type === undefined || message === undefined)) {
        command.error("error: give either --text, or --type with --message");
      }
      return runWithSettings(async (settings) =>
        (await import("./commands/send.ts")).send(serverOf(settings), options),
      );
    });
}

function addUsage(program: Command): void {
  program
    .command("usage")
    .description("count messages by day, type, status and Meta's pricing category")
    .option("--tenant <id>", "tenant id (default: every tenant that the API key may see)")
    .option("--since <time>", "accepted from this time on, such as 2026-01-31 (default: 30 days before --until)")
    .option("--until <time>", "accepted before this time (default: the end of the present day in UTC)")
    .option("--json", "print the counts as JSON", false)
    .action((options: UsageOptions) =>
      runWithSettings(async (settings) => (await import("./commands/usage.ts")).usage(serverOf(settings), options)),
    );
}

/** An error quotes the user's input, which may contain any character. */
function oneLine(error: string): string {
  return printable(error.trim().replace(/\s*\n\s*/g, " "));
}

function port(text: string): number {
  const number = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || number > 65_532) {
    throw new InvalidArgumentError("must be a whole number from 0 to 65532");
  }
  return number;
}

function processCount(text: string): number {
  const number = Number(text);
  if (!/^[0-9]{1,2}$/.test(text) || number < 1 || number > 64) {
    throw new InvalidArgumentError("must be a whole number from 1 to 64");
  }
  return number;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("must be JSON");
  }
}
