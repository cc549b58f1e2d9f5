import type { PostgresConnection } from "@message-sender/postgres-adapter";

import { type Check, passed, warned } from "../check.ts";

/** Whether somebody on the way to PostgreSQL can read messages and the password, or pretend to be it. */
export function encryptionOf(connection: PostgresConnection): Check {
  const name = "connection to PostgreSQL";
  if (connection.isEncrypted) {
    const encrypted = `encrypted (${connection.protocol})`;
    if (connection.isVerified) return passed(`${name}: ${encrypted}, certificate verified`);
    const problem = `${encrypted}, but its certificate is not verified: another server could pretend to be it`;
    return warned(
      name,
      problem,
      "use sslmode=verify-full, and sslrootcert=<file> for a certificate authority of your own",
    );
  }
  if (connection.isLocal) return passed(`${name}: not encrypted, on this machine`);
  const problem = "not encrypted: whoever is on the way can read messages and the password";
  return warned(name, problem, "add sslmode=verify-full to DATABASE_URL, unless the network between is trusted");
}
