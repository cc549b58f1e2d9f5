import { err, ok, Result, ResultAsync } from "neverthrow";

import { type MessageId, parseCallbackData } from "../domain/identifiers.ts";
import { type Message, type ProviderFact, recordProviderFacts } from "../domain/message.ts";
import { wamidOf } from "../domain/status.ts";
import type { R, Unavailable } from "../ports/result.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { type AttemptPorts, createAmend } from "./attempt.ts";

/** What a status webhook says of one message. */
export interface StatusUpdate extends Omit<ProviderFact, "attempt"> {
  readonly wamid: string;
  /** The number that it was sent from. */
  readonly phoneNumberId: string;
  /** What rode on the submission; WhatsApp echoes it. */
  readonly callbackData?: string;
}

export interface StatusesRecorded {
  /** Updates of messages of ours, those that were known already included. */
  readonly applied: number;
  /** Updates of messages that are not ours, which is normal where others send from the same account. */
  readonly unmatched: number;
}

type RecordPorts = Pick<AttemptPorts, "messages" | "history"> & { readonly telemetry: Telemetry };

/**
 * Writes down what status webhooks say. All is committed when it resolves; on `Unavailable` the webhook is to be refused,
 * so that it comes again. An update that comes twice, late or in another order changes nothing.
 */
export function createRecordStatuses(
  ports: RecordPorts,
): (updates: readonly StatusUpdate[]) => R<StatusesRecorded, Unavailable> {
  const { messages, telemetry } = ports;
  const amend = createAmend(ports);

  /** By what rode on the submission first: its intent was committed before it left, so that is always found. */
  async function messageOf({ callbackData, wamid }: StatusUpdate): Promise<Result<Message | undefined, Unavailable>> {
    const ours = callbackData === undefined ? undefined : parseCallbackData(callbackData);
    return ours ? messages.find({ id: ours.messageId }) : messages.find({ wamid });
  }

  async function record(updates: readonly StatusUpdate[]): Promise<Result<StatusesRecorded, Unavailable>> {
    const found = Result.combine(await Promise.all(updates.map(messageOf)));
    if (found.isErr()) return err(found.error);
    const news = new Map<MessageId, { readonly message: Message; readonly facts: ProviderFact[] }>();
    let applied = 0;
    for (const [index, update] of updates.entries()) {
      const message = found.value[index];
      const fact = message && factOf(message, update);
      if (!fact) continue;
      applied += 1;
      const known = news.get(message.id);
      if (known) known.facts.push(fact);
      else news.set(message.id, { message, facts: [fact] });
    }
    const changes = [...news.values()].map(({ message, facts }) =>
      amend(message, (current) => recordProviderFacts(current, facts)),
    );
    const committed = Result.combine(await Promise.all(changes));
    if (committed.isErr()) return err({ kind: "Unavailable", reason: committed.error.reason });
    const recorded = { applied, unmatched: updates.length - applied };
    telemetry.record({ kind: "StatusesRecorded", ...recorded });
    return ok(recorded);
  }

  return (updates) => new ResultAsync(record(updates));
}

/** A fact only where the number is the one that the attempt was made from: callback data can name anything. */
function factOf(message: Message, update: StatusUpdate): ProviderFact | undefined {
  const { wamid, phoneNumberId, callbackData, ...said } = update;
  const ours = callbackData === undefined ? undefined : parseCallbackData(callbackData);
  const attempt =
    (ours && message.attempts[ours.attempt - 1]) ?? message.attempts.find((other) => wamidOf(other) === wamid);
  if (attempt?.phoneNumberId !== phoneNumberId) return undefined;
  return { ...said, attempt: { number: attempt.number, wamid } };
}
