const sqlite = "sqlite:";

/** Whether a text is a database URL that `openStore` accepts. */
export function isDatabaseUrl(text: string): boolean {
  if (text.startsWith(sqlite)) return text.length > sqlite.length && text !== `${sqlite}:memory:`;
  return text === "memory:" || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
}

/** The file of a `sqlite:` URL. */
export function sqlitePath(databaseUrl: string): string {
  return databaseUrl.slice(sqlite.length);
}

/** The kinds of store. */
export type StoreKind = "memory" | "sqlite" | "postgres";

/** The kind of store that a database URL names. */
export function storeKind(databaseUrl: string): StoreKind {
  if (databaseUrl === "memory:") return "memory";
  return databaseUrl.startsWith(sqlite) ? "sqlite" : "postgres";
}

/** Parameters of a PostgreSQL URL that cannot contain a secret. */
const harmless = new Set([
  "sslmode",
  "sslrootcert",
  "application_name",
  "connect_timeout",
  "host",
  "port",
  "dbname",
  "target_session_attrs",
]);

/** Redacts possible secrets of a URL: passwords, and the values of parameters that are not known to be harmless. */
export function describeDatabaseUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || storeKind(text) !== "postgres") return text;
  // An unencoded /, ? or # in the password ends the host early, so the rest of the URL contains the @ and the password.
  if (/@/.test(url.pathname + url.search + url.hash)) return `${url.protocol}//${redacted}`;
  if (url.password !== "") url.password = redacted;
  for (const name of new Set(url.searchParams.keys())) if (!harmless.has(name)) url.searchParams.set(name, redacted);
  if (url.hash !== "") url.hash = redacted;
  return url.href;
}

const redacted = "redacted";
