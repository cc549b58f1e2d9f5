import { type Check, failed, passed } from "../check.ts";

/** The check of a store that was read: whether `serve` can open it, and how many migrations it will apply. */
export function usable(name: string, store: { readonly pendingMigrations: number; readonly stamp?: string }): Check {
  if (store.stamp === "sandbox") {
    return failed(
      name,
      "it belongs to a sandbox: only serve --sandbox can open it",
      "name another store in DATABASE_URL",
    );
  }
  return passed(`${name}${pendingText(store.pendingMigrations)}`);
}

function pendingText(migrations: number): string {
  if (migrations === 0) return "";
  return `, with ${migrations} pending migration${migrations === 1 ? "" : "s"}, which serve will apply`;
}
