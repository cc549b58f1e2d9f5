import type { ResultAsync } from "neverthrow";

import type { Message } from "@message-sender/core";
import type { LineRef, ReceivedWebhook, StatusUpdate } from "@message-sender/core/adapter";
import type { StoreSubject } from "@message-sender/core/contracts";
import { createInMemoryStore, createManualClock, type InMemoryStore } from "@message-sender/core/in-memory";
import * as fc from "fast-check";
import { expect } from "vitest";

import { freshStore } from "./fresh-store.ts";

/** The ports that both stores have. */
type Stores = Pick<StoreSubject, Exclude<keyof InMemoryStore, "setUnavailable" | "openAnotherProcess">>;

/** A store and its model, on clocks that agree, and what they were given so far. */
export interface World {
  readonly model: InMemoryStore;
  readonly accepted: Message[];
  readonly claimed: string[];
  /** The lines that each store holds, by its queue. A line on which nothing is left may still be held. */
  readonly held: Map<object, readonly LineRef[]>;
  readonly parked: StatusUpdate[];
  readonly webhooks: ReceivedWebhook[];
  now(): Date;
  advance(ms: number): Promise<void>;
  /** Calls both, expects the same answer and returns it. `ordered` sorts answers that have no order. */
  both<T>(step: (stores: Stores) => ResultAsync<T, unknown>, ordered?: (value: T) => unknown): Promise<T | undefined>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const subject = await freshStore({ synchronous: "normal" });
  const clock = createManualClock(subject.clock.now());
  const model = createInMemoryStore({ clock });
  return {
    model,
    accepted: [],
    claimed: [],
    held: new Map(),
    parked: [],
    webhooks: [],
    now: () => clock.now(),
    async advance(ms) {
      await clock.advance(ms);
      await subject.advance(ms);
    },
    async both(step, ordered = (value) => value) {
      const expected = await step(model);
      const answer = await step(subject);
      expect(answer.map(ordered)).toEqual(expected.map(ordered));
      return expected.unwrapOr(undefined);
    },
    close: async () => subject.close?.(),
  };
}

/** One call to make on both stores. */
export interface Move {
  run(world: World): Promise<unknown>;
}

export function move<T>(
  name: string,
  choices: { [K in keyof T]: fc.Arbitrary<T[K]> },
  run: (world: World, chosen: T) => Promise<unknown>,
): fc.Arbitrary<Move> {
  return fc.record(choices).map((chosen) => ({
    run: (world) => run(world, chosen as T),
    [fc.toStringMethod]: () => `${name} ${fc.stringify(chosen)}`,
  }));
}

/** One of the list, for any number. */
export function pick<T>(list: readonly T[], chosen: number): T | undefined {
  return list[chosen % list.length];
}

export function byId<T extends { readonly id: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export const few = fc.nat({ max: 3 });
export const any = fc.nat();
