import { exitCode, printable, serve } from "@message-sender/server/process";
import { type Config, describeConfig, readConfig, sandboxIds } from "@message-sender/server";
import { Command, InvalidArgumentError, Option } from "commander";

import { demo } from "./commands/demo.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { replayHistory } from "./commands/replay-history.ts";
import { sandbox } from "./commands/sandbox.ts";
import { send, type SendOptions } from "./commands/send.ts";
import { status } from "./commands/status.ts";
import { version } from "./version.ts";

/** The commands and their options; what each does is in `commands/`. */
export function createProgram(): Command {
  const program = new Command("message-sender")
    .description(
      "Sends WhatsApp messages reliably: as a server, from the shell, and in a sandbox that needs no account.",
    )
    .version(version)
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) })
    .exitOverride();

  program
    .command("serve")
    .description("run the server until SIGTERM")
    .option("--sandbox", "emulate WhatsApp, the Tenant Service and the Conversation Service on this machine", false)
    .action((options: { sandbox: boolean }) => withConfig((config) => serve(config, { ...options, version }), options));
  program
    .command("demo")
    .description("see it work in a few seconds: server, sandbox, retries, refusals and quota")
    .action(() => finish(demo()));
  program
    .command("sandbox")
    .description("run the emulators alone, until SIGTERM")
    .option(
      "--port <number>",
      "of WhatsApp; the Tenant and Conversation Service get the next two (0: any free ones)",
      port,
      0,
    )
    .action((options: { port: number }) => finish(sandbox(options)));
  program
    .command("send")
    .description("send a text, or a message of any type, through the server at MESSAGE_SENDER_URL")
    .usage("--to <number> (--text <text> | --type <type> --message <json>) [options]")
    .requiredOption("--to <number>", "E.164, with its +, or a business-scoped user id")
    .addOption(new Option("--text <text>", "what to say").conflicts(["type", "message"]))
    .option("--type <type>", "Meta's name of the type, such as image or template; with --message")
    .option("--message <json>", "the object that Meta puts under that type", json)
    .option("--reply-to <wamid>", "WhatsApp's id of the message that this one answers")
    .option("--tenant <id>", "tenant id (default: one for the sandbox)", sandboxIds.tenant)
    .option("--outlet <id>", "outlet id (default: one for the sandbox)", sandboxIds.outlet)
    .option("--conversation <id>", "conversation id (default: one for the sandbox)", sandboxIds.conversation)
    .option("--reference <text>", "your own id for the message")
    .option("--key <key>", "Idempotency-Key, so that repeating the command cannot send twice")
    .action((options: SendOptions, command: Command) => {
      const { text, type, message } = options;
      if (text === undefined && (type === undefined || message === undefined)) {
        command.error("error: give either --text, or --type with --message");
      }
      return withConfig((config) => send(config.MESSAGE_SENDER_URL, options));
    });
  program
    .command("status")
    .description("show a message's status")
    .argument("<message-id>")
    .option("--watch", "show each change until no further one can follow", false)
    .action((messageId: string, options: { watch: boolean }) =>
      withConfig((config) => status(config.MESSAGE_SENDER_URL, messageId, options)),
    );
  program
    .command("explain")
    .description("say what became of a message, and why each attempt was or was not repeated")
    .argument("<message-id>")
    .action((messageId: string) => withConfig((config) => explain(config.MESSAGE_SENDER_URL, messageId)));
  program
    .command("history")
    .description("what the Conversation Service is told")
    .command("replay")
    .description("tell it again what it refused for good, or could not be told for days")
    .action(() => withConfig((config) => replayHistory(config.MESSAGE_SENDER_URL)));
  program
    .command("config")
    .description("print the settings, secrets masked")
    .action(() =>
      withConfig((config) => {
        process.stdout.write(`${describeConfig(config)}\n`);
        return exitCode.ok;
      }),
    );
  program
    .command("doctor")
    .description("check the settings and whether everything that is needed can be reached")
    .action(() => withConfig(doctor));
  showUsageAfterError(program);
  return program;
}

/** A usage error shows the usage of its own command; the rest is for `--help`. */
function showUsageAfterError(command: Command): void {
  command.showHelpAfterError(`Usage: ${command.createHelp().commandUsage(command)}`);
  for (const subcommand of command.commands) showUsageAfterError(subcommand);
}

/** An error quotes what the user typed, so that it may hold any character. */
function oneLine(error: string): string {
  return printable(error.trim().replace(/\s*\n\s*/g, " "));
}

function port(text: string): number {
  const number = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || number > 65_533) throw new InvalidArgumentError("not a port");
  return number;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("not JSON");
  }
}

async function withConfig(
  run: (config: Config) => number | Promise<number>,
  { sandbox = false }: { readonly sandbox?: boolean } = {},
): Promise<void> {
  const config = readConfig(undefined, { sandbox });
  if (config.isOk()) return finish(run(config.value));
  for (const { variable, detail } of config.error) process.stderr.write(`${variable} ${detail}\n`);
  process.exitCode = exitCode.usage;
}

async function finish(code: number | Promise<number>): Promise<void> {
  process.exitCode = await code;
}
