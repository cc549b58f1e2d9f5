import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "../../../../tools/readmes/examples.ts";

const textOf = (file: string) => readFile(join(root, file), "utf8");

// What each document describes.

const configuration = await textOf("docs/configuration.md");
const commandsPage = await textOf("docs/commands.md");
const api = await textOf("docs/api.md");
const operate = await textOf("docs/operate.md");

export const settings = matches(configuration, /^### ([A-Z_]+)$/gm);

/** The sections of commands, each with its text. */
const sections = commandsPage
  .split(/^## /m)
  .slice(1)
  .flatMap((section): readonly (readonly [string, string])[] => {
    const [title = ""] = section.split("\n");
    return title === "Exit codes" ? [] : [[title, section]];
  });
export const commands = sections.map(([title]) => title);
export const commandParts = sections.flatMap(([title, section]) =>
  matches(section, /^\| `(?:-\w, )?(--[\w-]+|[<[][\w-]+[>\]])/gm).map(
    (part) => `${title} ${part.replace(/[<[\]>]/g, "")}`,
  ),
);
export const exitCodes = matches(commandsPage, /^\| (\d+) \|/gm);

/** What a server calls: the requests of the services, of WhatsApp, and of receivers. */
export const callsOfOthers = [
  ...matches(await textOf("docs/services.md"), /^`((?:GET|POST) \/[^`]+)`/gm),
  "POST /{version}/{phone_number_id}/messages",
  "POST /callbacks",
  "POST /whatsapp",
];

export const routes = [...api.matchAll(/^\| `((?:GET|POST|DELETE) [^`]+)` \| ([^|]+) \|/gm)].map(
  ([, route = "", scope = ""]) => `${route}: ${/`(\w+)`/.exec(scope)?.[1] ?? "open"}`,
);
export const problems = [...api.matchAll(/^\| (\d+) \| `(\/problems\/[\w-]+)` \|/gm)].map(
  ([, status, type]) => `${status} ${type}`,
);
export const metrics = matches(operate, /^\| `(\w+)` \| (?:counter|gauge|histogram) \|/gm);
/** Those of the table's first column, and those within them that the last one names. */
export const logFields = logRows()
  .map(([names]) => names)
  .flatMap((names) => matches(names, /`(\w+)`/g));
export const nestedLogFields = logRows().flatMap(([, text]) => matches(text, /`(\w+)`/g));
export const alerts = matches(operate, /^### (MessageSender\w+)$/gm);

// What the documents name anywhere.

/** What we tell about other systems has their names. */
const others = /^docs\/(?:migrate-|decisions\/)/;

const texts = new Map<string, string>();
for await (const file of glob(["*.md", "docs/*.md", "packages/*/README.md"], { cwd: root })) {
  if (!others.test(file) && file !== "CHANGELOG.md") texts.set(file, await textOf(file));
}

/** Every piece of code in every document: each line of a block, and each span in a sentence. */
const pieces = [...texts.values()].flatMap((text) => [
  ...[...text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = ""]) =>
    block.replaceAll(/\\\n\s*/g, "").split("\n"),
  ),
  ...matches(text.replace(/^ *```[\s\S]*?^ *```$/gm, ""), /`([^`]+)`/g),
]);

function inPieces(pattern: RegExp): readonly string[] {
  return [...new Set(pieces.flatMap((piece) => matches(piece, pattern)))];
}

/** Variables of other programs, and of the reader's own shell. */
const ofOthers = new Set([
  "NODE_EXTRA_CA_CERTS",
  "NODE_OPTIONS",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "CELLS_FILE",
  "NEW_DATABASE_URL",
  "OLD_CELL",
  "OLD_DATABASE_URL",
  "PHONE_NUMBER_ID",
  "POSTGRES_PASSWORD",
  "ON_ERROR_STOP",
  "RESTORED_URL",
  "SENDER_GID",
  "SENDER_UID",
  "TEST_DATABASE_URL",
  "WABA_ID",
  "WHATSAPP_URL",
]);

/** Words of capitals with an underscore, which are settings unless they are of another program. */
export const namedSettings = inPieces(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g).filter((name) => !ofOthers.has(name));

/** Calls of the command: what follows its name, up to the end of the call. */
export const namedCalls = inPieces(/\bmessage-sender ([a-z]+(?![\w-])[^|;&`]*)/g);

/** Routes of ours, with a placeholder for each parameter, and without a query. */
export const namedRoutes = inPieces(/\b((?:GET|POST|PUT|DELETE) \/[^\s`'"]*)/g).map((route) =>
  withPlaceholders(route.replace(/\?.*/, "")),
);

/** The same for `:id`, `{id}` and `<id>`. */
export function withPlaceholders(route: string): string {
  return route.replaceAll(/:\w+|\{[^}]+\}|<[^>]+>/g, "{}");
}

/** In sentences, an HTTP status with the type of its problem. */
export const namedProblems = [...texts.values()].flatMap((text) =>
  [...text.matchAll(/\b([45]\d\d) `([a-z]+(?:-[a-z]+)*)`/g)].map(([, status, type]) => `${status} /problems/${type}`),
);

export const namedMetrics = inPieces(/\b(message_sender_\w+)/g);
export const namedAlerts = [...texts.values()].flatMap((text) => matches(text, /\[(MessageSender[A-Z]\w+)\]/g));
export const namedExitCodes = [...texts.values()].flatMap((text) => matches(text, /\bexit code (\d)/gi));

function logRows(): readonly (readonly [names: string, text: string])[] {
  const [, section = ""] = /^## Logs\n([\s\S]*?)^## /m.exec(operate) ?? [];
  return [...section.matchAll(/^\| (`.*?) \|.*\| (.*) \|$/gm)].map(([, names = "", text = ""]) => [names, text]);
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}
