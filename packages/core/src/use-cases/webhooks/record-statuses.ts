import { err, ok, Result, ResultAsync } from "neverthrow";

import { isWamid, type MessageId } from "../../content/identifiers.ts";
import { parseCallbackData } from "../../domain/callback-data.ts";
import { type ProviderFact, recordProviderFacts } from "../../domain/provider-facts.ts";
import type { Message, ProviderStatus } from "../../domain/message.ts";
import { statusOf, waIdOf, wamidsOf } from "../../domain/status.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { ParkedStatuses } from "../../ports/store/parked-statuses.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { AdviseFailure } from "../attempt/advise-failure.ts";
import type { Commits, OutcomeUnrecorded } from "../attempt/commits.ts";

/** How many status updates were recorded. */
export interface StatusesRecorded {
  /** Updates of our messages, including those that were already known. */
  readonly applied: number;
  /** Updates whose message is not known yet. They are matched again later. */
  readonly parked: number;
  /** Updates of other systems' messages, which are normal if others send from the same account, and those with an invalid field. */
  readonly unmatched: number;
}

interface RecordStatusesParts extends Pick<Commits, "commitWithRetry"> {
  readonly messages: MessageStore;
  readonly parkedStatuses: ParkedStatuses;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly adviseFailure: AdviseFailure;
}

/** Records status webhooks. */
export interface RecordStatuses {
  /**
   * Records updates. All are committed once this resolves. On `Unavailable` the webhook should be rejected: WhatsApp sends it again.
   * Repeated, late and reordered updates lead to the same result.
   */
  record(updates: readonly StatusUpdate[]): ResultAsync<StatusesRecorded, Unavailable>;
  /** Records parked updates whose message is now known. */
  recordParked(): Promise<void>;
}

const parkedAtOnce = 100;

export function createRecordStatuses(parts: RecordStatusesParts): RecordStatuses {
  const { messages, parkedStatuses, telemetry, tracing, commitWithRetry, adviseFailure } = parts;

  /** Looks by the callback data first: the intent was committed before the request, so its message is always found. */
  async function messageOf({ callbackData, wamid }: StatusUpdate): Promise<Result<Message | undefined, Unavailable>> {
    const ours = callbackData === undefined ? undefined : parseCallbackData(callbackData);
    if (!ours) return messages.find({ wamid });
    const found = await messages.find({ id: ours.messageId });
    return found.isErr() || found.value ? found : messages.find({ wamid });
  }

  /** Records updates. Returns those that match no message. */
  async function apply(updates: readonly StatusUpdate[]): Promise<Result<readonly StatusUpdate[], Unavailable>> {
    const found = Result.combine(await Promise.all(updates.map(messageOf)));
    if (found.isErr()) return err(found.error);
    const news = new Map<MessageId, { readonly message: Message; readonly facts: ProviderFact[] }>();
    const left: StatusUpdate[] = [];
    for (const [index, update] of updates.entries()) {
      const message = found.value[index];
      const fact = message && factOf(message, update);
      const known = message && news.get(message.id);
      if (!message || !fact) left.push(update);
      else if (known) known.facts.push(fact);
      else news.set(message.id, { message, facts: [fact] });
    }
    const changes = [...news.values()].map((each) => noteTraced(each.message, each.facts));
    const committed = Result.combine(await Promise.all(changes));
    return committed.isErr() ? err({ kind: "Unavailable", reason: committed.error.reason }) : ok(left);
  }

  function noteTraced(message: Message, facts: readonly ProviderFact[]): ResultAsync<Message, OutcomeUnrecorded> {
    const { traceparent, outlet, conversationId } = message.request;
    const step = { name: "record status", messageId: message.id, outlet, conversationId } as const;
    return tracing.forMessage(traceparent, () => tracing.step(step, () => new ResultAsync(note(message, facts))));
  }

  async function note(
    message: Message,
    reported: readonly ProviderFact[],
  ): Promise<Result<Message, OutcomeUnrecorded>> {
    const hasFailure = reported.some(({ failure }) => failure);
    const facts = hasFailure ? await Promise.all(reported.map((fact) => advised(message, fact))) : reported;
    let before = message;
    const after = await commitWithRetry(message, (current) => {
      before = current;
      return recordProviderFacts(current, facts);
    });
    if (after.isOk()) recordChange(before, after.value, facts);
    return after;
  }

  async function advised(message: Message, fact: ProviderFact): Promise<ProviderFact> {
    const { failure, attempt } = fact;
    const named = message.attempts[attempt.number - 1];
    if (!failure || named?.phoneNumberId === undefined) return fact;
    const waId = waIdOf(named);
    const recipient = { phoneNumberId: named.phoneNumberId, to: message.request.to, ...(waId && { waId }) };
    return { ...fact, failure: await adviseFailure(failure, recipient, fact.at) };
  }

  function recordChange(before: Message, after: Message, facts: readonly ProviderFact[]): void {
    if (after === before) return;
    const [from, to] = [statusOf(before), statusOf(after)];
    if (from !== to) telemetry.record({ kind: "StatusChanged", messageId: after.id, from, to });
    for (const fact of newFailures(facts, before, after)) recordFailure(after, fact);
  }

  function recordFailure(message: Message, { attempt, failure }: ProviderFact): void {
    telemetry.record({
      kind: "FailureReported",
      messageId: message.id,
      attempt: attempt.number,
      wamid: attempt.wamid,
      status: statusOf(message),
      ...(failure?.code !== undefined && { code: failure.code }),
      ...(failure?.title !== undefined && { title: failure.title }),
    });
  }

  async function record(given: readonly StatusUpdate[]): Promise<Result<StatusesRecorded, Unavailable>> {
    const updates = given.filter(canBeStored);
    const left = await apply(updates);
    if (left.isErr()) return err(left.error);
    // Only an update without our callback data may be about a message whose id is not known yet.
    const early = left.value.filter(({ callbackData }) => !callbackData || !parseCallbackData(callbackData));
    const parked = early.length > 0 ? await parkedStatuses.park(early) : ok({ forgotten: 0 });
    if (parked.isErr()) return err(parked.error);
    const { forgotten } = parked.value;
    if (forgotten > 0) telemetry.record({ kind: "ParkedStatusesForgotten", count: forgotten });
    const recorded = {
      applied: updates.length - left.value.length,
      parked: early.length,
      unmatched: given.length - updates.length + left.value.length - early.length,
    };
    telemetry.record({ kind: "StatusesRecorded", ...recorded });
    return ok(recorded);
  }

  async function recordParked(): Promise<void> {
    for (;;) {
      const matched = await parkedStatuses.matched(parkedAtOnce);
      if (matched.isErr()) return recordFault(matched.error.reason);
      if (matched.value.length === 0) return;
      const applied = await apply(matched.value);
      if (applied.isErr()) return recordFault(applied.error.reason);
      const dropped = await parkedStatuses.drop(matched.value);
      if (dropped.isErr()) return recordFault(dropped.error.reason);
    }
  }

  function recordFault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "parked statuses", reason });
  }

  return { record: (updates) => new ResultAsync(record(updates)), recordParked };
}

/** The fact, if the update is from the number that made the attempt: callback data alone proves nothing. */
function factOf(message: Message, update: StatusUpdate): ProviderFact | undefined {
  const { wamid, phoneNumberId, callbackData, ...said } = update;
  const ours = callbackData === undefined ? undefined : parseCallbackData(callbackData);
  const attempt =
    (ours && message.attempts[ours.attempt - 1]) ??
    message.attempts.find((other) => wamidsOf({ attempts: [other] }).includes(wamid));
  if (attempt?.phoneNumberId !== phoneNumberId) return undefined;
  return { ...said, attempt: { number: attempt.number, wamid } };
}

/** The failures that were not known before, each once. */
function newFailures(facts: readonly ProviderFact[], before: Message, after: Message): readonly ProviderFact[] {
  const isKnown = ({ attempts }: Message, { attempt }: ProviderFact): boolean =>
    attempts[attempt.number - 1]?.reports?.some(
      ({ wamid, statuses }) => wamid === attempt.wamid && statuses.failed !== undefined,
    ) ?? false;
  const byWamid = new Map(
    facts.flatMap((fact) => (fact.status === "failed" ? [[fact.attempt.wamid, fact] as const] : [])),
  );
  return [...byWamid.values()].filter((fact) => !isKnown(before, fact) && isKnown(after, fact));
}

/** A caller that parses webhooks itself may pass anything: what no store can hold must not make WhatsApp repeat all the others. */
function canBeStored({ wamid, phoneNumberId, status, at, callbackData }: Partial<StatusUpdate>): boolean {
  return (
    isWamid(wamid) &&
    typeof phoneNumberId === "string" &&
    typeof status === "string" &&
    Object.hasOwn(statuses, status) &&
    typeof at?.getTime === "function" &&
    !Number.isNaN(at.getTime()) &&
    typeof (callbackData ?? "") === "string"
  );
}

const statuses: Readonly<Record<ProviderStatus, true>> = {
  sent: true,
  delivered: true,
  read: true,
  played: true,
  failed: true,
};
