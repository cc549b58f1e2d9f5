import { outletName } from "../../src/content/identifiers.ts";
import { okAsync, type ResultAsync } from "neverthrow";

import { queueDueAt } from "../../src/domain/next-step.ts";
import { isFinished } from "../../src/domain/status.ts";
import type { LineRef, MessageQueue } from "../../src/ports/store/message-queue.ts";
import type { Unavailable } from "../../src/ports/unavailable.ts";
import { createCrowd } from "../in-memory-store.ts";
import { breakQueue, type QueueSabotages, type Seen, spoilOther } from "./lines.ts";

/** Claims all, and keeps up to `limit` in another order. Not where claims are concurrent: they have twenty lines. */
function claimInOrder(
  { queue, messages }: Pick<Seen, "queue" | "messages">,
  limit: number,
  order: (lines: readonly LineRef[]) => readonly LineRef[],
): ResultAsync<readonly LineRef[], Unavailable> {
  if (new Set(messages().map(({ request }) => outletName(request.outlet))).size === 20) return queue.claim(limit);
  return queue.claim(1000).andThen((lines) => {
    const inOrder = order(lines);
    return queue.release(inOrder.slice(limit)).map(() => inOrder.slice(0, limit));
  });
}

/** Says of lines that they are not due: they are released. */
function claimExcept(
  queue: MessageQueue,
  limit: number,
  isLeft: (line: LineRef) => boolean,
): ResultAsync<readonly LineRef[], Unavailable> {
  return queue
    .claim(limit)
    .andThen((lines) => queue.release(lines.filter(isLeft)).map(() => lines.filter((line) => !isLeft(line))));
}

export const claimSabotages: QueueSabotages = {
  "Claims up to `limit` lines that are due and that no process holds; from then on this process holds them": [
    breakQueue(({ queue }) => ({ claim: (limit) => queue.claim(limit === 2 ? 3 : limit) })),
    breakQueue(({ queue, subject }) => {
      const first = new Map<string, { readonly line: LineRef; readonly atMs: number }>();
      return {
        claim: (limit) =>
          queue.claim(limit).map((lines) => {
            const nowMs = subject.clock.monotonicMs();
            for (const line of lines) first.set(outletName(line), { line, atMs: nowMs });
            const lapsed = [...first.values()].filter(({ atMs }) => nowMs - atMs >= 60_000);
            return [...lines, ...(lines.length === 0 ? lapsed.map(({ line }) => line) : [])];
          }),
        release(lines) {
          for (const line of lines) first.delete(outletName(line));
          return queue.release(lines);
        },
      };
    }),
  ],
  "A line is due once one of its messages is (`queueDueAt`), on time however the wall clock is set after the message is written":
    [
      breakQueue(({ queue, messages, subject }) => ({
        claim: (limit) =>
          claimExcept(queue, limit, (line) =>
            messages().every(
              ({ request, policy }) =>
                outletName(request.outlet) !== outletName(line) || (policy.scheduledAt ?? 0) > subject.clock.now(),
            ),
          ),
      })),
      breakQueue(({ queue, messages, subject, claimed }) => ({
        claim: (limit) =>
          queue.claim(limit).map((lines) => {
            const early = messages().filter(
              (message) =>
                message.policy.scheduledAt !== undefined &&
                !isFinished(message) &&
                !claimed.has(outletName(message.request.outlet)) &&
                (queueDueAt(message) ?? Infinity) <= subject.clock.now(),
            );
            return lines.length > 0 ? lines : early.map(({ request }) => request.outlet);
          }),
      })),
    ],
  "Concurrent claims get different lines": breakQueue(({ queue }) => {
    const isCrowded = createCrowd();
    let last: readonly LineRef[] = [];
    return {
      claim: (limit) => (isCrowded("") ? okAsync(last) : queue.claim(limit).andTee((lines) => void (last = lines))),
    };
  }),
  "Tenants take turns: none gets a second line before each other with a line that is due has one": breakQueue(
    (seen) => ({
      claim: (limit) =>
        claimInOrder(seen, limit, (lines) =>
          lines.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : a.tenantId > b.tenantId ? 1 : 0)),
        ),
    }),
  ),
  "Of one tenant, the line that has been due longest comes first": breakQueue((seen) => ({
    claim: (limit) =>
      claimInOrder(seen, limit, (lines) => {
        const reversed = lines.toReversed();
        const isOneTenant = new Set(lines.map(({ tenantId }) => tenantId)).size === 1;
        return isOneTenant ? reversed : lines;
      }),
  })),
  "The lines of a process whose lease is over are free, for that process too": [
    (subject) => {
      const ofOther = new Set<string>();
      const spoiled = spoilOther((other) => ({
        queue: {
          ...other.queue,
          claim: (limit) =>
            other.queue.claim(limit).andTee((lines) => lines.forEach((line) => void ofOther.add(outletName(line)))),
        },
      }))(subject);
      return {
        ...spoiled,
        queue: {
          ...subject.queue,
          claim: (limit) => claimExcept(subject.queue, limit, (line) => ofOther.has(outletName(line))),
        },
      };
    },
    spoilOther((other) => {
      let hasLapsed = false;
      return {
        lapse() {
          hasLapsed = true;
          return other.lapse();
        },
        queue: { ...other.queue, claim: (limit) => (hasLapsed ? okAsync([]) : other.queue.claim(limit)) },
      };
    }),
  ],
  "A process holds no more than its share: the lines that are held or due, divided by the processes that work on the queue, rounded up":
    spoilOther((other) => ({
      queue: {
        ...other.queue,
        claim: (limit) =>
          other.queue
            .claim(limit)
            .map((lines) => (lines.length > 0 ? lines : [{ tenantId: "tenant-1", outletId: "o-0" }])),
      },
    })),
  "The commit that accepts or changes a message also keeps its line": [
    breakQueue(({ queue, due }) => ({
      claim: (limit) =>
        claimExcept(
          queue,
          limit,
          (line) => due([line]).length > 0 && due([line]).every(({ revision }) => revision > 1),
        ),
    })),
    breakQueue(({ queue, messages, due }) => ({
      claim: (limit) =>
        claimExcept(queue, limit, (line) => {
          const first = messages().find(({ request }) => outletName(request.outlet) === outletName(line));
          return (
            first !== undefined && !isFinished(first) && first.attempts.length === 0 && !due([line]).includes(first)
          );
        }),
    })),
  ],
  "holds them as long as it finds work there": (subject) => ({
    ...subject,
    messages: {
      ...subject.messages,
      commit: (change) =>
        subject.messages.commit(change).andThen((committed) => {
          const { request } = change.next;
          return isFinished(change.next)
            ? subject.queue.release([request.outlet]).map(() => committed)
            : okAsync(committed);
        }),
    },
  }),
};
