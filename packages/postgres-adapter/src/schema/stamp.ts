import type { Stamp } from "@message-sender/core";

/** The store is stamped otherwise. */
export class OtherStamp extends Error {
  constructor(wanted: Stamp) {
    super(
      wanted === "live"
        ? "it holds a sandbox's messages, which must not answer for real ones: name another database, or run with --sandbox"
        : "it holds real messages, and a sandbox must not add to them: name another database, or none for one in memory",
    );
  }
}
