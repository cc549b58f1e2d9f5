import { err, ok, type Result, ResultAsync } from "neverthrow";

import { type Identifier, isIdentifier } from "../../content/identifiers.ts";
import { isHeldByTemplate, longestTemplateRecheckMs } from "../../domain/next-step.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credential, Credentials } from "../../ports/credentials.ts";
import type { Pacer } from "../../ports/pacer.ts";
import type { LineState, MessageQueue } from "../../ports/store/message-queue.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { KnownPauses } from "../pauses/known-pauses.ts";
import { type TemplateHold, waitReason } from "./wait-reason.ts";

/** Which part of the queue to describe. */
export interface QueueQuery {
  /** One tenant, or several. Default: every tenant. */
  readonly tenantId?: Identifier | readonly Identifier[];
  /** How many outlets at most, from 1 to 1,000: those whose messages have been due longest come first. Default: 100. */
  readonly limit?: number;
}

/** What waits in the queue, for people. */
export interface QueueState {
  /** The outlets that have queued messages. */
  readonly outlets: readonly QueuedOutlet[];
  /** Whether these are all, each counted to its end. */
  readonly isComplete: boolean;
}

/** What waits for one outlet. */
export interface QueuedOutlet extends LineState {
  /** Whether a pause of its tenant, of itself or of its number holds it back. */
  readonly isPaused: boolean;
  /** Why its messages wait, in a sentence. */
  readonly reason: string;
}

interface QueueStateParts {
  readonly queue: MessageQueue;
  readonly messages: Pick<MessageStore, "list">;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly pauses: Pick<KnownPauses, "reread" | "isQuiet" | "find">;
  readonly pacer: Pick<Pacer, "slowdowns">;
}

/** Up to how many messages of an outlet are counted. */
const upTo = 10_000;
const defaultLimit = 100;
const mostOutlets = 1000;
/** Among so many of an outlet's messages it looks for those of a paused template. */
const sample = 50;
/** Of so many outlets, those that come first. */
const mostSampled = 20;

/** Describes the queue. It changes nothing, and reads a bounded number of rows, however many wait. */
export function createQueueState({ queue, messages, clock, credentials, pauses, pacer }: QueueStateParts) {
  /** Which number an outlet sends from matters if something is due, or if something is paused. */
  async function credentialOf(line: LineState): Promise<Credential | undefined> {
    if (line.due === 0 && pauses.isQuiet) return undefined;
    return (await credentials.lookup(line)).unwrapOr(undefined);
  }

  /** What holds back a template of which messages are among the latest that are queued there. */
  async function templateHold(
    line: LineState,
    credential: Credential | undefined,
    now: Date,
  ): Promise<TemplateHold | undefined> {
    const mayBePaused = !pauses.isQuiet && credential !== undefined;
    if (!mayBePaused && !mayWaitForTemplate(line, now)) return undefined;
    const { tenantId, outletId } = line;
    const query = { tenantIds: [tenantId], outletId, status: "queued", limit: sample } as const;
    const found = (await messages.list(query)).map((page) => page.messages).unwrapOr([]);
    for (const message of found) {
      const { outlet, content } = message.request;
      const pause = mayBePaused ? pauses.find({ outlet, content, credential }) : undefined;
      if (pause?.kind === "template") return { by: "pause", pause };
      if (content.type !== "template" || !isHeldByTemplate(message)) continue;
      return { by: "whatsapp", name: content.template.name, language: content.template.language.code };
    }
    return undefined;
  }

  async function describe(lines: readonly LineState[], now: Date): Promise<readonly QueuedOutlet[]> {
    const found = await Promise.all(lines.map(credentialOf));
    const numbers = new Set(found.flatMap((credential) => credential?.phoneNumberId ?? []));
    const slowdowns = await pacer.slowdowns?.([...numbers]);
    const described = lines.map(async (line, place): Promise<QueuedOutlet> => {
      const credential = found[place];
      const pause = pauses.find({ outlet: line, credential });
      const ofTemplate = !pause && place < mostSampled ? await templateHold(line, credential, now) : undefined;
      const slowdown = slowdowns?.get(credential?.phoneNumberId ?? "");
      return { ...line, isPaused: pause !== undefined, reason: waitReason({ line, now, pause, ofTemplate, slowdown }) };
    });
    return Promise.all(described);
  }

  async function state(query: QueueQuery): Promise<Result<QueueState, Unavailable>> {
    const { tenantId } = query;
    const limit = Math.min(query.limit ?? defaultLimit, mostOutlets);
    const tenants = typeof tenantId === "string" ? [tenantId] : tenantId;
    const lines: LineState[] = [];
    const queries = tenants ? tenants.filter(isIdentifier).map((one) => ({ tenantId: one })) : [{}];
    for (const one of queries) {
      const found = await queue.state({ ...one, limit, upTo });
      if (found.isErr()) return err(found.error);
      lines.push(...found.value);
    }
    const reread = await pauses.reread();
    if (reread.isErr()) return err(reread.error);
    const now = clock.now();
    const shown = lines.toSorted(byUrgency).slice(0, limit);
    return ok({
      outlets: await describe(shown, now),
      isComplete: lines.length < limit && lines.every(({ open }) => open < upTo),
    });
  }

  return (query: QueueQuery = {}): ResultAsync<QueueState, Unavailable> => new ResultAsync(state(query));
}

/** A message whose template WhatsApp has paused is not due, but is looked at again soon. */
function mayWaitForTemplate({ open, due, nextDueAt }: LineState, now: Date): boolean {
  return open > due && nextDueAt !== undefined && nextDueAt.getTime() - now.getTime() <= longestTemplateRecheckMs;
}

function byUrgency(one: LineState, other: LineState): number {
  return other.dueForMs - one.dueForMs || (one.nextDueAt?.getTime() ?? 0) - (other.nextDueAt?.getTime() ?? 0);
}
