import type { ClaimedEntry, OutboxEntries, Topic } from "../../ports/store/outbox.ts";

/** Delivers the outbox entries of a topic to their subscriber: each at least once, and in order within its conversation. */
export interface OutboxDelivery<T extends Topic = Topic> {
  readonly topic: T;
  /** Starts delivering what is due, in the background. */
  wake(): void;
  /** Delivers until nothing is due any more. */
  tick(): Promise<void>;
  /** For how long an entry is leased. */
  readonly leaseMs: number;
  /** Whether an entry that enters now would be delivered well within its lease, if `entering` more enter before it. */
  hasRoom(entering: number): boolean;
  /** Delivers an entry that entered claimed, in the background. */
  take(claimed: ClaimedEntry<OutboxEntries[T]>): void;
}
