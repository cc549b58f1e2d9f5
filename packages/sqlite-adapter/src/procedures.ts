/** What the database thread can be asked to do, in values that are cheap to hand over. Times are ms since the epoch. */
export interface Procedures {
  accept(message: MessageRow, tenantId: string, blockId: string, key: KeyRow | null): AcceptAnswer;
  commit(message: MessageRow, keepsKey: boolean, wamids: readonly string[], entries: readonly EntryRow[]): CommitAnswer;
  findById(id: string): string | undefined;
  findByWamid(wamid: string): string | undefined;
  findByKey(tenantId: string, key: string): string | undefined;
  overdue(limit: number): readonly string[];
  claim(now: number, leaseUntil: number, limit: number): readonly ClaimedRow[];
  deliver(ids: readonly string[], now: number): void;
  bury(ids: readonly string[], now: number): void;
  retry(ids: readonly string[], dueAt: number): void;
  openBlock(...block: BlockRow): void;
  unsettled(): readonly (readonly [...BlockRow, used: number])[];
  closeBlock(id: string): void;
}

type Flag = 0 | 1;
export type MessageRow = readonly [id: string, revision: number, keepsUnit: Flag, isFinished: Flag, document: string];
type KeyRow = readonly [key: string, fingerprint: string];
type AcceptAnswer = readonly ["New" | "KeyReused" | "IdTaken"] | readonly ["Known", document: string];
type CommitAnswer = readonly ["Applied" | "MessageUnknown"] | readonly ["Outrun", document: string];
export type EntryRow = readonly [
  id: string,
  tenantId: string,
  conversationId: string,
  enqueuedAt: number,
  entry: string,
];
export type ClaimedRow = readonly [id: string, entry: string, enqueuedAt: number, earlierClaims: number];
export type BlockRow = readonly [id: string, tenantId: string, granted: number, expiresAt: number];

export type ProcedureName = keyof Procedures;

/** One procedure and what it is given. */
export type Call = readonly [name: ProcedureName, args: readonly unknown[]];

/** One answer a call, in order; or why none of them happened. */
export type BatchAnswer = { readonly answers: readonly unknown[] } | { readonly failure: string };
