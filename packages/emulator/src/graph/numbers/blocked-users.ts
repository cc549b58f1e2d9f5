import type { Memory } from "../../collections/memory.ts";
import { perObject } from "../objects/per-object.ts";

/** The people whom numbers have blocked, by their `wa_id`. */
export interface BlockedUsers {
  of(phoneNumberId: string): readonly string[];
  add(phoneNumberId: string, waId: string): void;
  remove(phoneNumberId: string, waId: string): void;
}

export function createBlockedUsers(memory: Memory, keep: number): BlockedUsers {
  const known = memory.map<readonly string[]>("blockedUsers");
  const of = perObject(known, keep, () => []);
  const others = (phoneNumberId: string, waId: string) => of(phoneNumberId).filter((one) => one !== waId);

  return {
    of,
    add: (phoneNumberId, waId) => void known.set(phoneNumberId, [...others(phoneNumberId, waId), waId]),
    remove: (phoneNumberId, waId) => void known.set(phoneNumberId, others(phoneNumberId, waId)),
  };
}
