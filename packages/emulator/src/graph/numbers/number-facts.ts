import { perObject } from "../objects/per-object.ts";

/** What WhatsApp knows of a phone number. */
interface NumberFacts {
  displayNumber: string;
  verifiedName: string;
  /** Whether it may send: numbers that were not added here are registered from the start. */
  isRegistered: boolean;
  isVerified: boolean;
  /** The PIN of two-step verification. */
  pin: string | undefined;
  /** The business name under review. */
  newName: string | undefined;
  username: string | undefined;
  searchVisibility: string;
  /** Where the webhooks of this number go instead of the app's URL. */
  callbackUrl: string | undefined;
}

export interface NumberBook {
  of(phoneNumberId: string): NumberFacts;
  /** A number that is not verified or registered yet. */
  add(phoneNumberId: string, facts: { readonly displayNumber: string; readonly verifiedName: string }): void;
  /** Whether messages may be sent from it. */
  isRegistered(phoneNumberId: string): boolean;
}

export function createNumberBook(keep: number, displayNumberOf: (phoneNumberId: string) => string): NumberBook {
  const changed = new Set<string>();
  const of = perObject<NumberFacts>(keep, (phoneNumberId) => {
    changed.add(phoneNumberId);
    return {
      displayNumber: displayNumberOf(phoneNumberId),
      verifiedName: "Sandbox",
      isRegistered: true,
      isVerified: true,
      pin: undefined,
      newName: undefined,
      username: undefined,
      searchVisibility: "VISIBLE",
      callbackUrl: undefined,
    };
  });

  return {
    of,
    add: (phoneNumberId, facts) =>
      void Object.assign(of(phoneNumberId), facts, { isRegistered: false, isVerified: false }),
    // A number that nobody asked about has no facts yet, and a send does not make them.
    isRegistered: (phoneNumberId) => !changed.has(phoneNumberId) || of(phoneNumberId).isRegistered,
  };
}
