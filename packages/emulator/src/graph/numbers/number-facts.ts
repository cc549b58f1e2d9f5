import { z } from "zod";

import type { Memory } from "../../collections/memory.ts";
import { perObject } from "../objects/per-object.ts";

/** How WhatsApp shows a phone number. */
export interface NumberSeed {
  /** In any form, as `+62 812-3456-7890`. Default: one from the range that is reserved for fiction. */
  readonly displayNumber?: string;
  /** The name of the business. Default: `Sandbox`. */
  readonly verifiedName?: string;
}

export const numbersSchema: z.ZodType<Readonly<Record<string, NumberSeed>>> = z.record(
  z.string().min(1),
  z.strictObject({
    displayNumber: z.string().regex(/\d/).exactOptional(),
    verifiedName: z.string().min(1).exactOptional(),
  }),
);

/** What WhatsApp knows of a phone number. */
interface NumberFacts {
  /** In digits. */
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
  /** The phone number in digits. */
  displayNumberOf(phoneNumberId: string): string;
  /** The name of the business that people see. */
  verifiedNameOf(phoneNumberId: string): string;
  /** A number that is not verified or registered yet. */
  add(phoneNumberId: string, facts: { readonly displayNumber: string; readonly verifiedName: string }): void;
  /** Whether messages may be sent from it. */
  isRegistered(phoneNumberId: string): boolean;
}

interface NumberBookDeps {
  readonly memory: Memory;
  readonly keep: number;
  readonly seeds: Readonly<Record<string, NumberSeed>>;
  readonly derivedNumberOf: (phoneNumberId: string) => string;
}

export function createNumberBook({ memory, keep, seeds, derivedNumberOf }: NumberBookDeps): NumberBook {
  const seeded = new Map(Object.entries(numbersSchema.parse(seeds)));
  const known = memory.map<NumberFacts>("numbers");
  const of = perObject<NumberFacts>(known, keep, (phoneNumberId) => ({
    displayNumber: displayNumberOf(phoneNumberId),
    verifiedName: verifiedNameOf(phoneNumberId),
    isRegistered: true,
    isVerified: true,
    pin: undefined,
    newName: undefined,
    username: undefined,
    searchVisibility: "VISIBLE",
    callbackUrl: undefined,
  }));

  /** Makes no facts: most numbers only send. */
  function displayNumberOf(phoneNumberId: string): string {
    const own = known.get(phoneNumberId)?.displayNumber ?? seeded.get(phoneNumberId)?.displayNumber;
    return own?.replace(/\D/g, "") ?? derivedNumberOf(phoneNumberId);
  }

  function verifiedNameOf(phoneNumberId: string): string {
    return known.get(phoneNumberId)?.verifiedName ?? seeded.get(phoneNumberId)?.verifiedName ?? "Sandbox";
  }

  return {
    of,
    displayNumberOf,
    verifiedNameOf,
    add: (phoneNumberId, facts) =>
      void Object.assign(of(phoneNumberId), facts, { isRegistered: false, isVerified: false }),
    isRegistered: (phoneNumberId) => known.get(phoneNumberId)?.isRegistered ?? true,
  };
}
