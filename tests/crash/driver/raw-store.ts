/** Reads a store's tables without the server's code. */
export interface RawStore {
  readonly databaseUrl: string;
  contents(): Promise<Contents>;
  /** When the last entry of the outbox is due. Undefined if none is waiting. */
  lastDueAt(): Promise<number | undefined>;
  /** Marks the killed processes as dead, which others detect only after 45 seconds. */
  declareDead(): Promise<void>;
  /** Exempts the processes that have the store open now from `declareDead`. */
  exemptLiving(): Promise<void>;
  /** The server of the store ends without a checkpoint, and is started again after a while. */
  crash(downMs: number): Promise<void>;
  close(): Promise<void>;
}

interface Contents {
  readonly documents: readonly unknown[];
  /** Includes requested blocks that were never granted. */
  readonly openBlocks: readonly unknown[];
}
