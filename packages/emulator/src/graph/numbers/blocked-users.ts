import { perObject } from "../objects/per-object.ts";

/** The people whom numbers have blocked, by their `wa_id`. */
export interface BlockedUsers {
  of(phoneNumberId: string): readonly string[];
  add(phoneNumberId: string, waId: string): void;
  remove(phoneNumberId: string, waId: string): void;
}

export function createBlockedUsers(keep: number): BlockedUsers {
  const usersOf = perObject(keep, () => new Set<string>());

  return {
    of: (phoneNumberId) => [...usersOf(phoneNumberId)],
    add: (phoneNumberId, waId) => void usersOf(phoneNumberId).add(waId),
    remove: (phoneNumberId, waId) => void usersOf(phoneNumberId).delete(waId),
  };
}
