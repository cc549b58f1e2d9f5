import { setBounded } from "../../collections/bounded-map.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Kind } from "./operation.ts";

/** Gives ids, none of them twice. */
export interface Ids {
  /** How many were given. It may only be raised, so that none is given twice. */
  count: number;
  next(): string;
  /** Never gives this one. */
  skip(id: string): void;
  /** Whether `next` gave it. */
  gave(id: string): boolean;
}

/** Whose access token a call on an object needs. `anyone`: any that WhatsApp knows. */
export type Owner = { readonly kind: "number" | "account"; readonly id: string } | { readonly kind: "anyone" };

interface Known {
  readonly kind: Kind;
  readonly owner: Owner;
}

/** What was created in Graph and still is, whatever its kind. */
export interface Objects {
  /** Returns the new object's id. */
  add(kind: Kind, owner: Owner, id?: string): string;
  find(id: string): Known | undefined;
  remove(id: string): void;
  /** Whether the id was given to an object that is no more. */
  isGone(id: string): boolean;
}

const first = 3_000_000_000_000_000;

export function createIds(): Ids {
  let count = 0;

  return {
    get count() {
      return count;
    },
    set count(next) {
      if (Number.isSafeInteger(next)) count = Math.max(count, next);
    },
    next() {
      count += 1;
      return String(first + count);
    },
    skip(id) {
      if (/^3\d{15}$/.test(id)) count = Math.max(count, Number(id) - first);
    },
    gave(id) {
      if (!/^3\d{15}$/.test(id)) return false;
      return Number(id) > first && Number(id) <= first + count;
    },
  };
}

export function createObjects(memory: Memory, ids: Ids, keep: number): Objects {
  const known = memory.map<Known>("objects");

  return {
    add(kind, owner, id = ids.next()) {
      ids.skip(id);
      setBounded(known, id, { kind, owner }, keep);
      return id;
    },
    find: (id) => known.get(id),
    remove: (id) => void known.delete(id),
    isGone: (id) => !known.has(id) && ids.gave(id),
  };
}
