/**
 * Writes docs/errors.md from the table of error codes.
 *
 * node --conditions=@message-sender/source tools/errors-page/errors-page.ts
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import {
  graphErrorRanges,
  type GraphErrorRow,
  graphErrorRules,
  interpretGraphError,
} from "@message-sender/http-adapter/outbound";

import { classes, scopes, sources } from "./errors-page-words.ts";

export const errorsPagePath = join(import.meta.dirname, "../../docs/errors.md");

interface Entry {
  readonly codes: string;
  readonly first: number;
  readonly row: GraphErrorRow;
}

const entries: readonly Entry[] = [
  ...Object.entries(graphErrorRules).map(([code, row]) => ({ codes: code, first: Number(code), row })),
  ...graphErrorRanges.map(({ first, last, row }) => ({ codes: `${first}–${last}`, first, row })),
].toSorted((one, other) => one.first - other.first);

/** The whole page. */
export function errorsPage(): string {
  return `${[intro(), classTable(), codeSections(), codesWithoutRow(), answersWithoutError(), disputed(), ownRules(), sourceList()].join("\n\n")}\n`;
}

function intro(): string {
  return `<!-- Made by tools/errors-page/errors-page.ts from packages/http-adapter/src/outbound/graph/error-codes. Change those. -->
# WhatsApp's errors, and what follows from each

When WhatsApp does not take a message it answers with an error code. This page says for each code whether the send is
repeated, what the caller is told and what a person can do. \`message-sender explain <message_id>\` says the same for one
message, attempt by attempt.

The code decides, never the HTTP status, which misleads: 3, 131045, 133000 and 134102 come with HTTP 500 and are final;
1, 4, 80007, 130429 and 131056 come with HTTP 400 and pass. A \`Retry-After\` makes a repeat wait longer; it never makes a
final refusal repeatable.

**Find a code:** ${entries.map(({ codes, first }) => `[${codes}](#code-${first})`).join(" · ")}

A code that is not here goes by the [rules for other codes](#codes-that-are-not-here).`;
}

function classTable(): string {
  const rows = Object.entries(classes).map(([name, { about, attempts, answer }]) => [
    `[${name}](#${name})`,
    about,
    attempts,
    answer,
  ]);
  return `## The classes

Each code has one class, and the class decides what happens. Four attempts in all is the default schedule
(\`RETRY_SCHEDULE_MS\`); the answer is that of the call that waits for the message.

${table(["class", "what stands in the way", "attempts", "answer if it stays"], rows)}

After a final refusal the message is \`failed\` and its unit of quota goes back. *May have been sent* marks errors that
sometimes follow a send that went through: they are repeated all the same, and a success after one of them is marked
\`possible_duplicate\`.`;
}

function codeSections(): string {
  return ["## The codes", ...Object.keys(classes).map((name) => codeSection(name as keyof typeof classes))].join(
    "\n\n",
  );
}

function codeSection(name: keyof typeof classes): string {
  const { about, attempts, answer } = classes[name];
  const extra = name === "throttled" ? "limit of" : name === "transient" ? "may have been sent" : undefined;
  const rows = entries
    .filter(({ row }) => row.class === name)
    .map(({ codes, first, row }) => [
      `<a id="code-${first}"></a>${codes}`,
      capitalized(row.title),
      ...(extra === undefined ? [] : [extraOf(row)]),
      row.advice,
      row.reason ?? "",
      row.source,
    ]);
  const head = [
    "code",
    "what it says",
    ...(extra === undefined ? [] : [extra]),
    "what to do",
    "why this class",
    "source",
  ];
  return `### ${name}

${capitalized(about)}. Attempts: ${attempts}. Answer: ${answer}.

${table(head, rows)}`;
}

function extraOf(row: GraphErrorRow): string {
  if (row.class === "transient") return row.maybeProcessed ? "yes" : "no";
  if (row.class !== "throttled") return "";
  return `${scopes[row.scope]}${row.waitMs === undefined ? "" : `; waits ${row.waitMs / 1000} s`}`;
}

/** A code that Meta does not have. */
const unknownCode = 999_999;

function codesWithoutRow(): string {
  const answer = (httpStatus: number, isTransient = false) =>
    outcomeOf(httpStatus, { error: { code: unknownCode, is_transient: isTransient } });
  return `## Codes that are not here

${table(
  ["the answer", "what follows"],
  [
    ["HTTP 429", answer(429)],
    ["`is_transient` is true, with any other HTTP status", answer(400, true)],
    ["HTTP 500 to 599", answer(500)],
    ["HTTP 401", answer(401)],
    ["any other HTTP status", answer(400)],
  ],
)}

A status webhook that says \`failed\` brings its error in the same form. It is described by the same table. Of a message
that WhatsApp had taken it means that the message is over: it is \`failed\`, nothing is repeated by itself, and a new
message or a \`resend\` is safe. Of an attempt without an answer it means that the attempt was refused, and the schedule
goes on as it does after an answer with that code.`;
}

function answersWithoutError(): string {
  const bare = (httpStatus: number) => outcomeOf(httpStatus, undefined);
  return `## Answers that are no error of the Graph API

Something in front of WhatsApp may answer instead, with HTML or nothing at all; or nobody answers.

${table(
  ["what came", "what follows"],
  [
    ["HTTP 429", bare(429)],
    ["HTTP 503", bare(503)],
    ["any other HTTP 500 to 599", bare(500)],
    ["HTTP 401", bare(401)],
    ["any other HTTP 400 to 499", bare(404)],
    ["a redirect", bare(302)],
    ["a success without a message id", "ambiguous, and never repeated, since it saw success: 504 `outcome-unknown`"],
    ["the connection broke, or no answer in time, after the request had left", ambiguous],
    ["the request never left", "not sent: repeated by the schedule, but for a certificate that is not trusted"],
  ],
)}`;
}

const ambiguous = "ambiguous: it may have been sent; `on_ambiguous` decides whether it is repeated";

/** What the transport makes of an answer, in words. */
function outcomeOf(httpStatus: number, body: unknown): string {
  const outcome = interpretGraphError(httpStatus, body);
  switch (outcome.kind) {
    case "Refused":
      return outcome.final
        ? `${outcome.failure.class}: final`
        : `${outcome.failure.class}: repeated; ${outcome.maybeProcessed ? "it may have been sent" : "nothing was processed"}`;
    case "Throttled":
      return `throttled, as a limit of ${scopes[outcome.scope]}: repeated; nothing was processed`;
    case "CredentialRefused":
      return "credentials: once more if the outlet has other credentials";
    default:
      return ambiguous;
  }
}

function disputed(): string {
  const items = entries
    .filter(({ row }) => row.isDisputed)
    .map(({ codes, first, row }) => `- **[${codes}](#code-${first})**, here ${row.class}. ${row.reason ?? ""}`);
  return `## Where others decide otherwise

Meta does not say which codes may be repeated, and libraries disagree on these. What we do, and why:

${items.join("\n")}`;
}

function ownRules(): string {
  return `## Your own rules

**For the server** set \`ERROR_RULES_FILE\` to the path of a JSON file, which is read at start:

\`\`\`json
{
  "131026": { "class": "recipient", "advice": "Call the customer, and write the number down anew." },
  "131048": { "class": "throttled", "scope": "number", "wait_ms": 60000, "title": "a spam limit" },
  "199999": { "class": "transient", "maybe_processed": false }
}
\`\`\`

Each key is an error code, whether or not it is on this page. The rules go before the table, in answers to sends, uploads and
read receipts as in status webhooks. With a file that is not right the server does not start, and says which code and
setting is wrong.

${table(
  ["setting", "what it is", "default"],
  [
    ["`class`", `one of ${Object.keys(classes).join(", ")}`, "none: it is always given"],
    [
      "`title`, `advice`",
      "what the code says, and what a person can do: up to 500 characters, none of them control characters",
      "the table's",
    ],
    ["`concerns`", "`window` or `opt-out`: the advice adds what is known of the recipient", "the table's"],
    ["`maybe_processed`", "of `transient`: it may have been sent", "the table's, else `true`"],
    ["`scope`", `of \`throttled\`: ${Object.keys(scopes).join(", ")}`, "the table's, else `number`"],
    ["`wait_ms`", "of `throttled`: the least wait before a repeat, up to 300000", "the table's, else none"],
  ],
)}

**For the library** give \`errorRules\` to the transport. They hold for what webhooks bring too when the HTTP app gets the
transport's \`describeFailure\`:

\`\`\`ts
import { createGraphTransport } from "@message-sender/http-adapter/outbound";

const transport = createGraphTransport({
  errorRules: {
    131048: { class: "throttled", scope: "number", waitMs: 60_000, title: "a spam limit", advice: "Send less." },
  },
});
// createHttpApp({ …, webhooks: { …, describeFailure: transport.describeFailure } })
console.log(transport.describeFailure({ code: 131048 })?.class);
await transport.close();
\`\`\`

It prints \`throttled\`.`;
}

function sourceList(): string {
  return `## Sources

${Object.entries(sources)
  .map(([name, text]) => `- **${name}**: ${text}.`)
  .join("\n")}

The class is our reading of what they say; Meta publishes none.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

if (import.meta.main) await writeFile(errorsPagePath, errorsPage());
