import { setBounded } from "../../collections/bounded-map.ts";
import type { Memory } from "../../collections/memory.ts";
import { userIdOf } from "../graph-ids.ts";

/** A person as a number knows them: by phone number, by business-scoped user id, or by both. */
export interface Person {
  readonly phoneNumberId: string;
  /** The phone number's digits. */
  readonly waId?: string;
  readonly userId?: string;
  /** A group in place of one person. */
  readonly groupId?: string;
}

/** What each number knows about the people it writes to. */
export interface Audience {
  /** One id for a person, however they are addressed. */
  idOf(person: Person): string;
  /** A key for the number and the person. */
  pairOf(person: Person): string;
  /** The business-scoped user id that an inbound message gave for the phone number; undefined: none did. */
  knownIdOf(person: Person): string | undefined;
  /** The phone number behind a business-scoped user id; undefined: the person has not written with one. */
  phoneOf(person: Person): string | undefined;
  /** Opens the 24 hours in which the person may be sent more than templates. */
  heardFrom(person: Person, at: number): void;
  isWindowOpen(person: Person, now: number): boolean;
  /** When the person's window closes or has closed; undefined: they never wrote. */
  windowEnd(person: Person): number | undefined;
  setMarketing(person: Person, value: "stop" | "resume"): void;
  hasStoppedMarketing(person: Person): boolean;
}

const windowMs = 24 * 60 * 60 * 1_000;
const keptPeople = 100_000;

export function createAudience(memory: Memory, wabaOf: (phoneNumberId: string) => string): Audience {
  const userIds = memory.map<string>("userIds");
  const phones = memory.map<string>("phones");
  const heardAt = memory.map<number>("heardAt");
  const stopped = memory.map<true>("stoppedMarketing");

  function idOf({ phoneNumberId, waId, userId, groupId }: Person): string {
    if (waId === undefined) return userId ?? groupId ?? "";
    const wabaId = wabaOf(phoneNumberId);
    const phone = `${wabaId}/${waId}`;
    if (userId !== undefined) setBounded(userIds, phone, userId, keptPeople);
    return userIds.get(phone) ?? userIdOf(wabaId, waId);
  }

  function knownIdOf({ phoneNumberId, waId }: Person): string | undefined {
    return userIds.size === 0 ? undefined : userIds.get(`${wabaOf(phoneNumberId)}/${waId}`);
  }

  function pairOf(person: Person): string {
    return `${person.phoneNumberId}/${idOf(person)}`;
  }

  return {
    idOf,
    pairOf,
    knownIdOf,
    phoneOf: ({ phoneNumberId, waId, userId }) => waId ?? phones.get(`${wabaOf(phoneNumberId)}/${userId}`),
    heardFrom(person, at) {
      const pair = pairOf(person);
      if (person.waId !== undefined) {
        setBounded(phones, `${wabaOf(person.phoneNumberId)}/${idOf(person)}`, person.waId, keptPeople);
      }
      setBounded(heardAt, pair, Math.max(at, heardAt.get(pair) ?? 0), keptPeople);
    },
    isWindowOpen: (person, now) => now < (heardAt.get(pairOf(person)) ?? -Infinity) + windowMs,
    windowEnd(person) {
      const at = heardAt.get(pairOf(person));
      return at === undefined ? undefined : at + windowMs;
    },
    setMarketing(person, value) {
      if (value === "resume") stopped.delete(pairOf(person));
      else setBounded(stopped, pairOf(person), true, keptPeople);
    },
    hasStoppedMarketing: (person) => stopped.has(pairOf(person)),
  };
}
