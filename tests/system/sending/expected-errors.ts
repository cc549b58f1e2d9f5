/** Between the first two waits of a pair limit: 1 s and, 1 s later, 4 s. */
export const shortDeadlineMs = 3000;

/** An error of Meta's, as the emulator answers it. */
export interface Answered {
  readonly code: number;
  /** Instead of Meta's usual status. */
  readonly status?: number;
  readonly isTransient?: boolean;
}

/** The expected effect of errors of one kind, written by hand, because the table of codes is under test. */
export interface Expected {
  readonly kind: string;
  readonly answers: readonly Answered[];
  readonly class: string;
  readonly outcome: "refused" | "throttled" | "credential_refused";
  readonly scope?: string;
  /** The deadline of the call. Default: far longer than the call takes. */
  readonly deadlineMs?: typeof shortDeadlineMs;
  readonly requests: number;
  readonly answer: { readonly status: number; readonly problem: string; readonly retryAfter?: RegExp };
  /** The reason of each attempt except the last. */
  readonly repeated?: RegExp;
  readonly stopped: RegExp;
}

const codes = (list: readonly number[]): readonly Answered[] => list.map((code) => ({ code }));

const rejected = { status: 422, problem: "message-rejected" };
const usedUp = {
  requests: 4,
  answer: { status: 500, problem: "delivery-failed", retryAfter: /^[345]$/ },
  stopped: /; the schedule's attempts are used up \(4\)\./,
};
const final = (kind: string, about: string, answers: readonly Answered[], answer = rejected): Expected => ({
  kind,
  answers,
  class: kind,
  outcome: "refused",
  requests: 1,
  answer,
  stopped: new RegExp(`; this is final, because it concerns ${about}\\. [A-Z].*\\.$`),
});
const limit = (scope: string, passing: string, answers: readonly Answered[]): Expected => ({
  kind: `limit of the ${scope}`,
  answers,
  class: "throttled",
  outcome: "throttled",
  scope,
  ...usedUp,
  repeated: new RegExp(`; nothing was processed, and the ${passing} is temporary\\.$`),
});

/** Every code of the table, a few codes of each range, and codes that are not in the table. */
export const expectations: readonly Expected[] = [
  {
    kind: "temporary problem at WhatsApp",
    answers: codes([1, 2, 131000, 131016, 133004]),
    class: "transient",
    outcome: "refused",
    ...usedUp,
    repeated: /; this is usually temporary, but the message may already have been sent: a repeat may send it twice\.$/,
  },
  limit("app", "app's limit", codes([4, 17, 32, 341, 613])),
  limit("account", "WhatsApp account's limit", codes([80007])),
  limit("number", "number's limit", codes([130429])),
  {
    kind: "limit of a pair, 4^X s",
    answers: codes([131056]),
    class: "throttled",
    outcome: "throttled",
    scope: "pair",
    deadlineMs: shortDeadlineMs,
    requests: 2,
    answer: { status: 429, problem: "rate-limited", retryAfter: /^[34]$/ },
    repeated: /^repeated after 1(\.\d)? s: .* the limit of this pair of sender and recipient is temporary\.$/,
    stopped: /; the limit will not clear before the call's deadline\. Try again from 20/,
  },
  {
    kind: "maintenance of a minute",
    answers: codes([131057]),
    class: "throttled",
    outcome: "throttled",
    scope: "maintenance",
    deadlineMs: shortDeadlineMs,
    requests: 1,
    answer: { status: 429, problem: "rate-limited", retryAfter: /^(59|60)$/ },
    stopped: /; the limit will not clear before the call's deadline\. Try again from 20/,
  },
  {
    kind: "refused token",
    answers: codes([0, 102, 104, 190]),
    class: "credentials",
    outcome: "credential_refused",
    requests: 1,
    answer: { status: 502, problem: "credentials-rejected" },
    stopped: /; the outlet has no other credentials\. Give the outlet a valid access token/,
  },
  final("permission", "the access token's permissions", codes([3, 10, 200, 250, 299, 131005]), {
    status: 502,
    problem: "credentials-rejected",
  }),
  final(
    "account",
    "the WhatsApp account or its number",
    codes([
      33, 131031, 131037, 131042, 131045, 131063, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016,
      134011, 139200,
    ]),
  ),
  final("policy", "one of WhatsApp's policies", codes([368, 130497, 131048, 131064])),
  final("recipient", "the recipient", codes([130403, 130472, 131021, 131026, 131030, 131047, 131049, 131050, 137000])),
  final(
    "request",
    "the request itself",
    codes([
      100, 506, 803, 131008, 131009, 131051, 131052, 131053, 131055, 131062, 132018, 132021, 134100, 135000, 138000,
      138009, 138018,
    ]),
  ),
  final(
    "template",
    "the template",
    codes([132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069, 134101, 134102]),
  ),
  { ...final("request", "the request itself", [{ code: 999_001, status: 400 }]), kind: "unknown code with 400" },
  {
    kind: "unknown temporary code: with 500, and with 400 and is_transient",
    answers: [
      { code: 999_002, status: 500 },
      { code: 999_003, status: 400, isTransient: true },
    ],
    class: "transient",
    outcome: "refused",
    ...usedUp,
    repeated: /a repeat may send it twice\.$/,
  },
  {
    ...final("recipient", "the recipient", [{ code: 131047, status: 500, isTransient: true }]),
    kind: "final code with 500 and is_transient",
  },
];
