import { type Command, InvalidArgumentError, Option } from "commander";

import { serverOf } from "../api/server.ts";
import { type TemplateName, templateOf } from "../bulk/template-columns.ts";
import type { BulkOptions } from "../commands/bulk.ts";
import { countUpTo } from "../count-of.ts";
import { runWithSettings } from "../with-settings.ts";

/** The command that sends a file. */
export function addBulk(program: Command): void {
  program
    .command("bulk")
    .description(
      "send a message for each line of a file: checks every line first, and goes on after an interruption without sending twice",
    )
    .argument(
      "<file>",
      "a CSV whose first line names the fields of the API, or NDJSON with a body of the API in each line",
    )
    .option("--tenant <id>", "tenant id of lines without one (default: one that a sandbox accepts)")
    .option("--outlet <id>", "outlet id of lines without one (default: one that a sandbox accepts)")
    .option("--conversation <id>", "conversation id of lines without one (default: the recipient without its +)")
    .option(
      "--template <name:language>",
      "send this template; columns are its parameters: `1`, `first_name`, `header.1`, `header.image`, `button.0`",
      template,
    )
    .option("--scheduled-at <time>", "send at this time, such as 2026-01-31T12:00:00Z")
    .option("--ttl <seconds>", "expire messages that are not sent by then", countUpTo(315_360_000))
    .option(
      "--key-column <name>",
      "column with the Idempotency-Key (default: a key from the file and the line)",
      "idempotency_key",
    )
    .option("--run <name>", "send the same file anew: another name makes other keys", "")
    .option("--result <file>", "where to write what became of each line (default: <file>.results.csv)")
    .addOption(new Option("--format <format>", "default: by the name of the file").choices(["csv", "ndjson"]))
    .option("--check", "only check the file, and send nothing", false)
    .option("--json", "print the summary as JSON", false)
    .action((file: string, options: BulkOptions) =>
      runWithSettings(async (settings) =>
        (await import("../commands/bulk.ts")).bulk(serverOf(settings), file, options),
      ),
    );
}

function template(text: string): TemplateName {
  const found = templateOf(text);
  if (!found) throw new InvalidArgumentError("must be a name and a language, such as order_ready:en_US");
  return found;
}
