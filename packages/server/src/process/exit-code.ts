/** What a command leaves behind for the shell. */
export const exitCode = {
  ok: 0,
  /** It was done and its outcome is not the wanted one: refused, not delivered, not ready. */
  failed: 1,
  /** It was called wrongly, or a setting is not right. */
  usage: 2,
  /** The server cannot be reached, or asks to come back later. */
  unavailable: 3,
} as const;
