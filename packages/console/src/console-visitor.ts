import type { Caller } from "@message-sender/http-adapter/inbound";

/** Who looks at the console. The rule for every page: what belongs to a tenant that the visitor does not see does not exist. */
export interface Visitor extends Caller {
  /** The id of the API key, for records. Absent if the console needs no key. */
  readonly id?: string;
  /** Asks again, for a page that stays open: a key may have been revoked, or be for other tenants now, and a session ends. */
  isStillAdmitted(): Promise<boolean>;
}

/** Who is recorded in what a visitor changes: the key, or the console itself where it needs none. */
export function actorOf({ id = "console" }: Pick<Visitor, "id">): string {
  return id;
}

/** The same text for visitors who see the same tenants. */
export function tenantsKey({ tenants }: Caller): string {
  return tenants === "all" ? "all" : JSON.stringify([...tenants].toSorted());
}
