import { exitCode, exitCodeWords } from "@message-sender/server/process";
import { type Command, CommanderError } from "commander";

import { mayCallServer, readsSettings } from "./command-needs.ts";
import { printProblem } from "./print.ts";
import { addEnvFile } from "./with-settings.ts";

/** Gives every command what all have in common: the env file, exit codes in its help, and its usage line after a usage error. */
export function completeCommands(program: Command): void {
  for (const command of program.commands) complete(command, command.name());
  program.addHelpText(
    "after",
    `\nSettings are environment variables, or lines of an env file: \`message-sender config\` prints them.\nExit codes: ${allCodes}.`,
  );
  showUsageAfterError(program);
  program.hook("preAction", (_, command) => {
    if (readsSettings(pathOf(command))) readEnvFile(command);
  });
}

function complete(command: Command, path: string): void {
  if (command.commands.length > 0) {
    for (const subcommand of command.commands) complete(subcommand, `${path} ${subcommand.name()}`);
    return;
  }
  if (readsSettings(path)) {
    // Not `--env-file`: Node takes that option for its own, wherever it stands.
    command.option("--env <file>", "settings that the environment does not have (default: ENV_FILE, or .env)");
  }
  command.addHelpText("after", `\nExit codes: ${mayCallServer(path) ? allCodes : localCodes}.`);
}

/** Its name, after those of the commands that hold it. */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

const codes = Object.entries(exitCode) as readonly [keyof typeof exitCode, number][];
const allCodes = sentenceOf(codes);
const localCodes = sentenceOf(codes.filter(([name]) => name !== "unavailable"));

function sentenceOf(some: typeof codes): string {
  return some.map(([name, code]) => `${code} ${exitCodeWords[name]}`).join(", ");
}

function readEnvFile(command: Command): void {
  const { env } = command.opts<{ env?: string }>();
  const read = addEnvFile(env);
  if (read.isOk()) return;
  printProblem(`env file ${read.error}`);
  throw new CommanderError(exitCode.usage, "commander.invalidEnvFile", read.error);
}

/** A usage error shows only the usage line of its command. */
function showUsageAfterError(command: Command): void {
  command.showHelpAfterError(`Usage: ${command.createHelp().commandUsage(command)}`);
  for (const subcommand of command.commands) showUsageAfterError(subcommand);
}
