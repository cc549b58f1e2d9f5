/** What the database thread can be asked to do, in values that are cheap to hand over. Times are ms since the epoch. */
export interface Procedures {
  accept(message: MessageRow, tenantId: string, blockId: string, acceptedAt: number, key: KeyRow | null): AcceptAnswer;
  commit(
    message: MessageRow,
    change: ChangeRow,
    wamids: readonly string[],
    entries: readonly EntryRow[],
    recounted: BlockRow | null,
  ): CommitAnswer;
  findById(id: string): string | undefined;
  findByWamid(wamid: string): string | undefined;
  findByKey(tenantId: string, key: string): string | undefined;
  overdue(limit: number): readonly string[];
  due(now: number, limit: number): readonly string[];

  claim(topic: TopicName, now: number, leaseUntil: number, limit: number): readonly ClaimedRow[];
  deliver(ids: readonly string[], now: number): void;
  bury(ids: readonly string[], now: number): void;
  retry(ids: readonly string[], dueAt: number): void;
  revive(topic: TopicName, now: number): number;

  requestBlock(...request: RequestRow): void;
  requestedBlocks(): readonly RequestRow[];
  withdrawRequest(id: string): void;
  openBlock(block: BlockRow, requestId: string): void;
  unsettled(): readonly UnsettledRow[];
  closeBlock(id: string): void;

  takeUnits(request: TakeRow): TakenRow;
  settleUnits(requestId: string, used: number): void;

  /** Gives how many of the oldest went. */
  park(updates: readonly ParkedRow[], now: number): number;
  matchedStatuses(limit: number): readonly string[];
  dropStatuses(statuses: readonly string[]): void;

  addWebhooks(webhooks: readonly WebhookRow[], entersOutboxAt: number | null): void;
  latestWebhooks(limit: number): readonly string[];

  noteRecipients(facts: readonly RecipientFactRow[]): void;
  noteRecipientName(name: RecipientNameRow): void;
  findRecipient(phoneNumberId: string, recipient: string): RecipientRow | undefined;

  forget(before: LimitsRow, limit: number): number;

  takeCommit(): void;
}

type Flag = 0 | 1;
export type MessageRow = readonly [
  id: string,
  revision: number,
  keepsUnit: Flag,
  isFinished: Flag,
  dueAt: number | null,
  dueSetAt: number | null,
  document: string,
];
type ChangeRow = readonly [keepsKey: boolean, isBystander: boolean, quotaBlockId: string];
type KeyRow = readonly [key: string, fingerprint: string];
type AcceptAnswer = readonly ["New" | "KeyReused" | "IdTaken"] | readonly ["Known", document: string];
type CommitAnswer = readonly ["Applied" | "MessageUnknown"] | readonly ["Outrun", document: string];

type TopicName = "history" | "webhook";
export type EntryRow = readonly [
  id: string,
  tenantId: string,
  conversationId: string,
  enqueuedAt: number,
  entry: string,
];
export type ClaimedRow = readonly [id: string, entry: string, enqueuedAt: number, earlierClaims: number];

export type RequestRow = readonly [id: string, tenantId: string, amount: number, ttlMs: number];
export type BlockRow = readonly [id: string, tenantId: string, granted: number, expiresAt: number];
export type UnsettledRow = readonly [...BlockRow, used: number, unfinished: number, isRecounted: Flag];
export type TakeRow = readonly [
  id: string,
  tenantId: string,
  period: string,
  startsAt: number,
  limit: number,
  amount: number,
];
export type TakenRow = readonly [granted: number, startsAt: number];

type ParkedRow = readonly [wamid: string, status: string];
type WebhookRow = readonly [id: string, receivedAt: number, webhook: string];
type RecipientTimes = readonly [wroteAt: number | null, stoppedAt: number | null, resumedAt: number | null];
export type RecipientRow = readonly [...RecipientTimes, knownAs: string | null];
export type RecipientFactRow = readonly [phoneNumberId: string, recipient: string, ...RecipientTimes];
type RecipientNameRow = readonly [phoneNumberId: string, recipient: string, knownAs: string, at: number];
type LimitsRow = readonly [
  keys: number,
  messages: number,
  parkedStatuses: number,
  webhooks: number,
  recipients: number,
];

export type ProcedureName = keyof Procedures;

/** One procedure and what it is given. */
export type Call = readonly [name: ProcedureName, args: readonly unknown[]];

/** One answer a call, in order; or why none of them happened. */
export type BatchAnswer = { readonly answers: readonly unknown[] } | { readonly failure: string };
