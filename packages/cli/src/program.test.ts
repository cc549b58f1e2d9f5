import { type Command, CommanderError } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { createProgram } from "./program.ts";

let printed = "";

beforeEach(() => {
  printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const oneOfTarget = "error: give one of a message id, WhatsApp's id of the message, --reference and --idempotency-key";
const tenantOfKey = "error: --idempotency-key needs --tenant: each tenant has its own keys";
const usageOfTarget = (command: string) =>
  `Usage: message-sender ${command} (<message-id> | <whatsapp-id> | --reference <text> | --idempotency-key <key> --tenant <id>) [options]`;
const usageOfSend =
  "Usage: message-sender send --to <number> (--text <text> | --type <type> --message <json>) [options]";

const usageOfResolve = "Usage: message-sender resolve (<message-id> | <filters> [--yes]) (--resend | --abandon)";

const usageOfKeys =
  "Usage: message-sender keys create --name <text> (--tenant <ids> | --all-tenants) --scope <scopes> [options]";

it.each([
  ["nothing-like-it", "error: unknown command 'nothing-like-it'", "Usage: message-sender [options] [command]"],
  ["sned", "error: unknown command 'sned' (Did you mean send?)", "Usage: message-sender [options] [command]"],
  ["--port", "error: unknown option '--port'", "Usage: message-sender [options] [command]"],
  [
    "serve --sandbx",
    "error: unknown option '--sandbx' (Did you mean --sandbox?)",
    "Usage: message-sender serve [options]",
  ],
  ["send", "error: required option '--to <number>' not specified", usageOfSend],
  ["send --to +1", "error: give either --text, or --type with --message", usageOfSend],
  ["send --to +1 --type image", "error: give either --text, or --type with --message", usageOfSend],
  [
    "send --to +1 --text a --type b",
    "error: option '--text <text>' cannot be used with option '--type <type>'",
    usageOfSend,
  ],
  ["send --to +1 --message {", "error: option '--message <json>' argument '{' is invalid. must be JSON", usageOfSend],
  [
    "sandbox --port a\nb\u001b",
    "error: option '--port <number>' argument 'a b\\u001b' is invalid. must be a whole number from 0 to 65532",
    "Usage: message-sender sandbox [options]",
  ],
  ["status", oneOfTarget, usageOfTarget("status")],
  ["status m --reference r", oneOfTarget, usageOfTarget("status")],
  [
    "explain a b",
    "error: too many arguments for 'explain'. Expected 1 argument but got 2: a, b.",
    usageOfTarget("explain"),
  ],
  ["explain --idempotency-key k", tenantOfKey, usageOfTarget("explain")],
  ["list --idempotency-key k", tenantOfKey, "Usage: message-sender list [options]"],
  [
    "list --limit 0",
    "error: option '--limit <number>' argument '0' is invalid. must be a whole number from 1 to 10000",
    "Usage: message-sender list [options]",
  ],
  [
    "list --status gone",
    "error: option '--status <status>' argument 'gone' is invalid. Allowed choices are queued, sending, sent, delivered, read, failed, expired, canceled, unknown.",
    "Usage: message-sender list [options]",
  ],
  ["resolve m", "error: give either --resend or --abandon", usageOfResolve],
  ["resolve m --resend --abandon", "error: option '--resend' cannot be used with option '--abandon'", usageOfResolve],
  ["resolve --resend", "error: give either a message id or at least one filter", usageOfResolve],
  ["config --all", "error: unknown option '--all'", "Usage: message-sender config [options]"],
  [
    "history reply",
    "error: unknown command 'reply' (Did you mean replay?)",
    "Usage: message-sender history [options] [command]",
  ],
  ["keys create --name CRM --scope send", "error: give either --tenant or --all-tenants", usageOfKeys],
  [
    "keys create --name CRM --scope send --tenant a --all-tenants",
    "error: give either --tenant or --all-tenants",
    usageOfKeys,
  ],
  [
    "keys create --name CRM --scope send --tenant a/b",
    "error: option '--tenant <ids>' argument 'a/b' is invalid. must be ids of 1 to 128 URL-safe characters",
    usageOfKeys,
  ],
  [
    "keys create --name CRM --scope send, --tenant a",
    "error: option '--scope <scopes>' argument 'send,' is invalid. must be some of send, read, admin, metrics, console",
    usageOfKeys,
  ],
  ["keys create --name CRM --scope send --tenant a --burst 5", "error: --burst needs --rate", usageOfKeys],
  [
    "keys create --name CRM --scope send --tenant a --expires 2999-02-30",
    "error: option '--expires <time>' argument '2999-02-30' is invalid. must be in the future: a duration such as 90d or 12h, a date such as 2027-01-31 (it begins in UTC), or a time such as 2027-01-31T12:00:00Z",
    usageOfKeys,
  ],
  [
    "keys create --name CRM --scope send --tenant a --rate 0",
    "error: option '--rate <number>' argument '0' is invalid. must be a whole number from 1 to 1000000",
    usageOfKeys,
  ],
  ["keys revoke", "error: missing required argument 'id'", "Usage: message-sender keys revoke [options] <id>"],
])("says in one line what is wrong with %j, and how that command is called", async (args, error, usage) => {
  const run = createProgram().parseAsync(args.split(" "), { from: "user" });
  await expect(run).rejects.toBeInstanceOf(CommanderError);
  expect(printed).toBe(`${error}\n${usage}\n`);
});

it("the help of each command has its exit codes", () => {
  const leaves = (command: Command): readonly Command[] =>
    command.commands.length > 0 ? command.commands.flatMap(leaves) : [command];
  const texts = leaves(createProgram()).map((command) => {
    let text = "";
    command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
    return text;
  });
  expect(texts.length).toBeGreaterThan(15);
  for (const text of texts) expect(text).toMatch(/^Exit codes: 0 done, 1 failed, 2 invalid usage or setting/m);
  const text = (name: string) => texts.find((other) => other.startsWith(`Usage: message-sender ${name}`));
  expect(text("send")).toContain("3 the server is unavailable");
  expect(text("list")).toContain("3 the server is unavailable");
  for (const name of ["serve", "keys list", "migrate"]) expect(text(name)).not.toContain("3 the server");
});

/** Those that print what they do until they end. */
const narrating = ["serve", "work", "demo", "sandbox"];

it("every command that prints facts takes --json", () => {
  const leavesOf = (command: Command): readonly Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
  const without = leavesOf(createProgram()).filter(({ options }) => !options.some(({ long }) => long === "--json"));
  expect(without.map((command) => command.name())).toEqual(narrating);
});
