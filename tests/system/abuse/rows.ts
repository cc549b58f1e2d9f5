/** A test outside this folder that shows a row: its file, and a part of its title. */
type Elsewhere = readonly [file: string, title: string];

/** One kind of bad input, and what it gets. */
interface Row {
  readonly where: string;
  readonly input: string;
  readonly answer: string;
  /** Tests of the running server that show it, besides those of this folder. */
  readonly elsewhere?: readonly Elsewhere[];
}

const processes = "tests/system/processes";

/**
 * Every kind of bad input that is known. The answer is always a problem on our own API: never a 500, never an echo of the input. The
 * process lives, nothing is stored and nothing is sent. The tests of this folder name the rows that they show.
 */
export const rows = {
  "send: not JSON": {
    where: "send",
    input: "an empty body, broken JSON, JSON with extensions; values that are no object",
    answer: "400",
  },
  "send: too large": { where: "send", input: "more than 64 KiB, with a length and chunked", answer: "413" },
  "send: too slow": {
    where: "send",
    input: "a byte every 300 ms; headers that never end; many such sockets",
    answer: "408 within 10 s, and others are served",
    elsewhere: [["tests/load/slow-clients.ts", "2,000 slow clients"]],
  },
  "send: too deep": { where: "send", input: "nesting of 30,000; 10,000 keys", answer: "400" },
  "send: names": {
    where: "send",
    input: "names of Object.prototype, unknown fields, fields of ours that a caller may not set",
    answer: "400",
  },
  "send: media type": {
    where: "send",
    input: "another media type, charset or content encoding, or none",
    answer: "415",
  },
  "send: characters": {
    where: "send",
    input: "invalid UTF-8, NUL, lone surrogates, control characters except newline and tab",
    answer: "400",
  },
  "send: invisible text": { where: "send", input: "a text in which nothing is visible", answer: "400" },
  "send: unusual text": {
    where: "send",
    input: "right-to-left overrides, emoji, combining marks",
    answer: "unchanged",
  },
  "send: long text": { where: "send", input: "4,096 and 4,097 code points", answer: "accepted, and 400" },
  "send: recipient": { where: "send", input: "what is neither E.164 nor a user id", answer: "400" },
  "send: template": { where: "send", input: "names with ../, 600 characters; parameters with newlines", answer: "400" },
  "send: media link": {
    where: "send",
    input: "other schemes; loopback, private, link-local and metadata hosts in every spelling; user names; too long",
    answer: "400",
  },
  "send: malformed key": {
    where: "send",
    input: "an Idempotency-Key that is empty, too long, repeated or has control characters",
    answer: "400",
  },
  "send: same key": {
    where: "send",
    input: "the same Idempotency-Key with another body, of another tenant, 100 times at once",
    answer: "422, independent, one send",
    elsewhere: [["tests/system/sending/idempotency.test.ts", "sends once for 100 parallel requests"]],
  },
  "send: times": {
    where: "send, batch",
    input: "a scheduled_at or ttl_seconds that is none, or beyond the retention; a Prefer that is no number",
    answer: "400",
  },
  "batch: shape": {
    where: "batch",
    input: "no list, none or 1,001 messages, a key of the whole, nesting of 30,000, duplicate keys, 5 MB",
    answer: "400, 413, or a problem in the place of the message",
  },
  "change: malformed": {
    where: "cancel, resolve, pauses",
    input:
      "no filter, unknown fields, statuses and actions; ids that are paths; times in the past; names of prototypes",
    answer: "400 or 404, and nothing is changed",
  },
  "change: foreign tenant": {
    where: "cancel, resolve, pauses, queue",
    input: "a key of one tenant with filters, messages and pauses of another, or of everybody",
    answer: "404 or 403, or its own messages alone",
  },
  "status: malformed id": {
    where: "status",
    input: "ids with ..%2f, %00, broken percent escapes, 10 KB",
    answer: "404 or 400",
  },
  "auth: no key": {
    where: "auth",
    input: "no key, an empty one, Basic, 10 KB, two headers; a key that is unknown, cut short or in another place",
    answer: "401, before the body is read",
    elsewhere: [["tests/system/security/access.test.ts", "what is no key is answered with 401, and not shown"]],
  },
  "auth: foreign tenant": {
    where: "auth",
    input: "a key of one tenant with an outlet or message of another",
    answer: "404, as for the unknown",
    elsewhere: [
      [
        "tests/system/security/access.test.ts",
        "what belongs to another tenant is answered like what does not exist, byte for byte",
      ],
    ],
  },
  "list: malformed query": {
    where: "list",
    input: "limits and cursors that are malformed, tampered with, repeated or of another list",
    answer: "400",
  },
  "webhook: signature": {
    where: "webhook",
    input: "no signature, sha1, too few or too many digits, a signature of other bytes",
    answer: "401",
  },
  "webhook: repeated": {
    where: "webhook",
    input: "the same one a thousand times; statuses in any order; odd timestamps",
    answer: "200, and the message converges",
    elsewhere: [["tests/system/webhooks/webhooks.test.ts", "status webhooks in any order, each three times"]],
  },
  "webhook: contents": {
    where: "webhook",
    input: "unknown statuses, fields and objects; empty entries, a thousand of them; no value; 5 MB",
    answer: "200 and counted; 413",
  },
  "webhook: foreign message": {
    where: "webhook",
    input: "callback data that names another tenant's message",
    answer: "not applied",
  },
  "webhook: handshake": {
    where: "webhook",
    input: "a wrong token, markup as challenge, repeated parameters",
    answer: "403 or 400",
  },
  "Graph: odd answers": {
    where: "Graph",
    input: "200 with HTML, with {}, with 50 MB; a redirect; an id of 10 KB; an error that repeats the token",
    answer: "unknown or failed; limits hold; redacted",
  },
  "Tenant Service: odd answers": {
    where: "Tenant Service",
    input: "HTML, huge, slow; a phone_number_id that is a path; a token with CR LF",
    answer: "503, nothing leaves, nothing is cached, the token is not printed",
  },
  "Notified services: odd answers": {
    where: "Conversation Service, receivers of callbacks",
    input: "a redirect, HTML, huge, slow, no HTTP, an answer that repeats what it got",
    answer: "not followed, read no further than the limits, repeated later; content and secrets are in no log",
  },
  "settings: refused": {
    where: "settings",
    input: "a quota of -1 or 2^53+1, a file that is unreadable or readable by everyone",
    answer: "no start; the setting is named, its value is not",
    elsewhere: [[`${processes}/serve.test.ts`, "refuses to start with the setting %o, and names it"]],
  },
  "connection: after a fault": {
    where: "connection",
    input:
      "half a request, its 408, then the rest; junk behind a body; a stalled second request; an end that stays open",
    answer: "nothing after a fault is processed; a request in progress gets its own answer first; the socket is closed",
  },
  "connection: thousands": {
    where: "connection",
    input: "many clients at once",
    answer: "an error at the connection means that nothing was or will be sent",
    elsewhere: [[`${processes}/connections.test.ts`, "ms after the start of 600 calls leaves none without an answer"]],
  },
  "connection: unread": {
    where: "connection",
    input: "pipelined requests whose answers are never read",
    answer: "memory is bounded and others are served",
    elsewhere: [
      [`${processes}/connections.test.ts`, "survives and answers others while eight clients keep requesting"],
    ],
  },
  "every route: host": {
    where: "every route",
    input: "a Host that is not ours, or two; a foreign Origin, also with simple content types",
    answer: "403; two Hosts get 400",
    elsewhere: [["tests/system/security/hosts.test.ts", "without keys the server accepts loopback names"]],
  },
  "bodies: many at once": {
    where: "webhook, media",
    input: "many bodies at once, unsigned or trickling; bytes after the last boundary",
    answer: "limits in total and by tenant, a minimum pace; others are served",
    elsewhere: [["tests/system/sending/media.test.ts", "uploads and sends share no limited resource"]],
  },
  "JSON: losses": { where: "JSON", input: "duplicate keys; whole numbers beyond 2^53 in any spelling", answer: "400" },
  "logs: invisible": {
    where: "logs",
    input: "C1, bidirectional characters and line separators in ids, paths and references",
    answer: "escaped",
  },
  "outbound: tokens": {
    where: "outbound",
    input: "a token in an answer, in any spelling; compressed answers of Graph",
    answer: "redacted; decoded",
    elsewhere: [["tests/system/security/secrets.test.ts", "keeps nothing of an answer that repeats a token"]],
  },
  "time: wall clock": {
    where: "time",
    input: "the wall clock an hour back or ahead during a send",
    answer: "four attempts, history on time, exact quota",
    elsewhere: [[`${processes}/wall-clock.test.ts`, ""]],
  },
  "disk: full or lost": {
    where: "disk",
    input: "full, read-only, the file deleted or replaced; a mode that lets others read",
    answer: "not ready, no 200; 0600",
    elsewhere: [["tests/system/stores/store-file.test.ts", "is full is not ready and stores nothing"]],
  },
  "process: signals": {
    where: "process",
    input: "output that nobody reads; a second signal",
    answer: "ends within 25 s; at once",
    elsewhere: [[`${processes}/stalled-output.test.ts`, "ends at once at a second signal"]],
  },
  "emulator: control": {
    where: "emulator",
    input: "control by a web page; targets at metadata addresses",
    answer: "refused",
  },
} as const satisfies Readonly<Record<string, Row>>;

type RowName = keyof typeof rows;

/** The title of the tests that show a row. */
export function titleOf(name: RowName): string {
  const { input, answer }: Row = rows[name];
  return `${name}: ${input}: ${answer}`;
}
