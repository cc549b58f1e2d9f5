import { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** What each connection to PostgreSQL is opened with. Its name in `pg_stat_activity` is ours, unless the URL has an `application_name`. */
export function connectionTo(url: string) {
  return {
    connectionString: url,
    fallback_application_name: "message-sender",
    connectionTimeoutMillis: 5000,
  };
}

/** How a connection to PostgreSQL is protected. */
export type PostgresConnection =
  /** `isLocal`: it does not leave this machine. */
  | { readonly isEncrypted: false; readonly isLocal: boolean }
  /** `protocol`: such as `TLSv1.3`. `isVerified`: the server's certificate was checked against a certificate authority and the host. */
  | { readonly isEncrypted: true; readonly protocol: string; readonly isVerified: boolean };

/** Of a connected client of `pg`. */
export function connectionOf(client: object): PostgresConnection {
  const { stream } = (client as { readonly connection: { readonly stream: unknown } }).connection;
  if (stream instanceof TLSSocket) {
    return { isEncrypted: true, protocol: stream.getProtocol() ?? "TLS", isVerified: stream.authorized };
  }
  // The socket of a path has no address.
  const address = stream instanceof Socket ? stream.remoteAddress : undefined;
  return { isEncrypted: false, isLocal: address === undefined || /^(127\.|::1$|::ffff:127\.)/.test(address) };
}
