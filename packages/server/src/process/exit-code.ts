/** The exit codes of the commands. */
export const exitCode = {
  ok: 0,
  /** The command ran, but did not succeed: refused, not delivered, not ready. */
  failed: 1,
  /** A usage error, or an invalid setting. */
  usage: 2,
  /** The server cannot be reached, or asks the client to retry later. */
  unavailable: 3,
} as const;

/** What each says, in the help and the documentation. */
export const exitCodeWords = {
  ok: "done",
  failed: "failed",
  usage: "invalid usage or setting",
  unavailable: "the server is unavailable",
} as const satisfies Record<keyof typeof exitCode, string>;
