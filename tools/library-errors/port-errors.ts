import type { PortErrorRows } from "./error-kinds.ts";

/** In the order of the page. The types demand a row for each kind that a port can answer with. */
export const portErrors: PortErrorRows = {
  Unavailable: {
    ports: "every port but `Transport`, `ReadReceipts` and `Media`",
    when: "The other side cannot be reached, does not answer in time, or gives an answer that cannot be read.",
    thenTheSender:
      "answers `Unavailable` before a message is accepted; afterwards it tries again later. Without a list of templates it sends",
  },
  OutletUnknown: {
    ports: "`Credentials`",
    when: "The tenant or its outlet does not exist.",
    thenTheSender: "answers `OutletUnknown`, and remembers it for 30 seconds",
  },
  NoOtherCredential: {
    ports: "`Credentials`",
    when: "`refused` is the only credential that the outlet has.",
    thenTheSender: "answers `NoOtherCredential` or `CredentialsRejected`, and remembers it for 30 seconds",
  },
  QuotaExceeded: {
    ports: "`Quota`",
    when: "Nothing is left of the tenant's quota.",
    thenTheSender: "answers `QuotaExceeded`",
  },
  TenantUnknown: {
    ports: "`Quota`",
    when: "The tenant does not exist.",
    thenTheSender: "answers `TenantUnknown`",
  },
  RateLimited: {
    ports: "`Pacer`",
    when: "No permit will be free by the deadline, or the circuit breaker is open.",
    thenTheSender: "answers `RateLimited`, or concludes the message as throttled",
  },
  MessageUnknown: {
    ports: "`MessageStore`",
    when: "A commit names a message that the store does not have.",
    thenTheSender: "treats the store as lost for this message",
  },
  Refused: {
    ports: "`Transport`, `ReadReceipts`, `Media`",
    when: "WhatsApp answered with an error. `final` says whether a retry can help, `maybeProcessed` whether the message may have been sent.",
    thenTheSender: "retries on schedule, or ends with `Rejected` or `RequestRefused`",
  },
  CredentialRefused: {
    ports: "`Transport`, `ReadReceipts`, `Media`",
    when: "WhatsApp rejected the access token.",
    thenTheSender: "looks up another credential, and retries once with it",
  },
  Throttled: {
    ports: "`Transport`, `ReadReceipts`, `Media`",
    when: "A limit is reached; `scope` says whose. Nothing was processed.",
    thenTheSender: "slows down, and retries no sooner than `retryAfterMs`",
  },
  NotSent: {
    ports: "`Transport`, `ReadReceipts`, `Media`",
    when: "No byte of the request was sent, then or later. This must be proven, not assumed.",
    thenTheSender: "retries on schedule; no duplicate is possible",
  },
  Ambiguous: {
    ports: "`Transport`, `ReadReceipts`, `Media`",
    when: "The request was sent, and no readable answer arrived.",
    thenTheSender: "acts by `on_ambiguous`, and marks the message",
  },
  ContentFailed: {
    ports: "`Media`",
    when: "The content failed before its end.",
    thenTheSender: "answers `ContentFailed`",
  },
};
