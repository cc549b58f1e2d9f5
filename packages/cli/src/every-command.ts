import { exitCode, exitCodeWords } from "@message-sender/server/process";
import { type Command, CommanderError } from "commander";

import { printProblem } from "./print.ts";
import { addEnvFile } from "./with-settings.ts";

/** They read no settings. */
const withoutSettings = ["demo", "sandbox", "init"];

/** They call no running server. */
const local = ["serve", "demo", "sandbox", "config", "doctor", "migrate", "restore", "init", "create", "revoke"];
const localList = "keys list";

/** Gives every command what all have in common: the env file, exit codes in its help, and its usage line after a usage error. */
export function completeCommands(program: Command): void {
  for (const command of program.commands) complete(command, command.name());
  program.addHelpText(
    "after",
    `\nSettings are environment variables, or lines of an env file: \`message-sender config\` prints them.\nExit codes: ${allCodes}.`,
  );
  showUsageAfterError(program);
  program.hook("preAction", (_, command) => {
    if (!withoutSettings.includes(command.name())) readEnvFile(command);
  });
}

function complete(command: Command, path: string): void {
  if (command.commands.length > 0) {
    for (const subcommand of command.commands) complete(subcommand, `${path} ${subcommand.name()}`);
    return;
  }
  if (!withoutSettings.includes(path)) {
    // Not `--env-file`: Node takes that option for its own, wherever it stands.
    command.option("--env <file>", "settings that the environment does not have (default: ENV_FILE, or .env)");
  }
  const isLocal = local.includes(command.name()) || path === localList;
  command.addHelpText("after", `\nExit codes: ${isLocal ? localCodes : allCodes}.`);
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
