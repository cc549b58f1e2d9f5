/** A store as anybody sees it who reads it raw. */
export interface RawStore {
  readonly databaseUrl: string;
  contents(): Promise<Contents>;
  /** When the last entry that waits to be told is due; undefined where none waits. */
  lastDueAt(): Promise<number | undefined>;
  /** Says that whoever was killed is dead, which others see by themselves only after 45 seconds. */
  declareDead(): Promise<void>;
  /** Those that have it open now are never declared dead. */
  spare(): Promise<void>;
  close(): Promise<void>;
}

interface Contents {
  readonly documents: readonly unknown[];
  /** Those that were asked for and never came included. */
  readonly openBlocks: readonly unknown[];
}
