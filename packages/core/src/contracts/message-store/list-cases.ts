import { expect } from "vitest";

import type { Message } from "../../domain/message.ts";
import { conclude, requeue } from "../../domain/message-changes.ts";
import { type MessageStatus, statusOf } from "../../domain/status.ts";
import type { MessagePage } from "../../ports/store/message-store.ts";
import type { MessageFilter } from "../../domain/message-filter.ts";
import type { Case } from "../contract.ts";
import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  oddText,
  withIntent,
  withOutcome,
  withReport,
} from "../fixtures.ts";
import { accept, commit, list, listAll } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const listCases: readonly Case<StoreSubject>[] = [
  {
    name: "One page of the messages that match every filter",
    async run(subject) {
      const messages = [...everyValue(), ...everyStatus()];
      for (const message of messages) await keep(subject, message);
      for (const filter of filters) {
        const expected = messages.filter((message) => isMeant(message, filter)).map(({ id }) => id);
        const found = idsOf(await list(subject, { ...filter, limit: 100 }));
        expect(found.toSorted(), JSON.stringify(filter)).toEqual(expected.toSorted());
      }
    },
  },
  {
    name: "as they are stored now",
    async run(subject) {
      const intended = withIntent(exampleMessage());
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      const delivered = withReport(sent, "delivered");
      await accept(subject, intended);
      let before: MessageStatus = "sending";
      for (const next of [sent, delivered, withReport(delivered, "read")]) {
        await commit(subject, next);
        const status = statusOf(next);
        expect(await list(subject, { tenantIds, status, limit: 9 })).toEqual({ messages: [next] });
        expect(await list(subject, { tenantIds, status: before, limit: 9 })).toEqual({ messages: [] });
        before = status;
      }
      const failed = await failLate(subject);
      const anew = requeue(conclude(failed, { as: "exhausted", at: exampleTime }), exampleTime, at(60));
      for (const filter of [{}, { tenantIds }, { tenantIds: bothTenants }]) {
        expect(idsOf(await list(subject, { ...filter, status: "failed", limit: 9 }))).toEqual([failed.id]);
      }
      await commit(subject, { ...anew, revision: failed.revision + 1 });
      for (const filter of [{}, { tenantIds }, { tenantIds: bothTenants }]) {
        expect(idsOf(await list(subject, { ...filter, status: "failed", limit: 9 }))).toEqual([]);
      }
    },
  },
  {
    name: "up to `limit` of them",
    async run(subject) {
      for (const message of accepted([3, 1, 2, 6, 5, 4])) await accept(subject, message);
      for (const limit of [4, 5, 6, 7]) {
        for (const filter of [{}, { tenantIds }, { to: recipient }, { tenantIds, to: recipient }]) {
          expect((await list(subject, { ...filter, limit })).messages).toHaveLength(Math.min(limit, 6));
        }
      }
    },
  },
  {
    name: "the newest first, by `acceptedAt`",
    async run(subject) {
      const messages = accepted([5, 2, 7, 1, 6, 3]);
      for (const message of messages) await accept(subject, message);
      const newestFirst = messages.toSorted((a, b) => b.acceptedAt.getTime() - a.acceptedAt.getTime());
      for (const filter of [{}, { tenantIds }, { tenantIds: bothTenants }, { conversationId: "conversation-1" }]) {
        expect((await list(subject, { ...filter, limit: 10 })).messages).toEqual(newestFirst);
      }
    },
  },
  {
    name: "the pages together have each message once, also if others are accepted meanwhile",
    async run(subject) {
      const messages = accepted([4, 4, 4, 2, 9, 4, 1, 4]);
      for (const message of messages) await accept(subject, message);
      const ids = messages.map(({ id }) => id);
      for (const filter of [{}, { tenantIds }, { tenantIds: bothTenants }, { tenantIds, to: recipient }]) {
        for (const limit of [1, 3, 8]) {
          let late: Message | undefined;
          const found = await listAll(subject, { ...filter, limit }, async () => {
            late ??= await acceptNewer(subject);
          });
          const foundIds = found.map(({ id }) => id);
          expect(foundIds.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
          expect(new Set(foundIds).size).toBe(foundIds.length);
        }
      }
    },
  },
  {
    name: "Without `next` nothing is left",
    async run(subject) {
      for (const message of accepted([1, 2, 3, 4])) await accept(subject, message);
      const first = await list(subject, { tenantIds, limit: 2 });
      expect(first.next).toBeDefined();
      const second = await list(subject, { tenantIds, limit: 2, ...(first.next && { after: first.next }) });
      expect(second.messages).toHaveLength(2);
      expect(second.next).toBeUndefined();
      expect((await list(subject, { tenantIds, limit: 4 })).next).toBeUndefined();
      expect(await list(subject, { tenantIds: ["tenant-9"], limit: 4 })).toEqual({ messages: [] });
      expect(await list(subject, { tenantIds: [], limit: 4 })).toEqual({ messages: [] });
    },
  },
];

const recipient = "+628123456789";
const tenantIds = ["tenant-1"];
const bothTenants = ["tenant-1", "tenant-2", "tenant-3"];

function at(second: number): Date {
  return new Date(exampleTime.getTime() + second * 1000);
}

/** One message a second, accepted in this order. */
function accepted(seconds: readonly number[]): readonly Message[] {
  return seconds.map((second) => exampleMessage({ acceptedAt: at(second) }));
}

/** Messages that differ in one field each. */
function everyValue(): readonly Message[] {
  const plain = exampleMessage({ acceptedAt: at(1) });
  const asked = (request: Partial<Message["request"]>) => {
    const { id } = exampleMessage();
    return { ...plain, id, request: { ...plain.request, ...request } };
  };
  return [
    plain,
    exampleMessage({ tenantId: "tenant-2", acceptedAt: at(2) }),
    exampleMessage({ tenantId: "__proto__", acceptedAt: at(3) }),
    exampleMessage({ conversationId: "conversation-2", acceptedAt: at(4) }),
    asked({ outlet: { tenantId: "tenant-1", outletId: "outlet-2" } }),
    asked({ to: "US.1349" }),
    asked({ reference: "order-1" }),
    asked({ reference: oddText }),
    asked({ reference: "\\0" }),
    asked({ reference: "\0" }),
    asked({ reference: "" }),
    { ...asked({ outlet: { tenantId: "tenant-2", outletId: "outlet-1" }, reference: "order-1" }), acceptedAt: at(5) },
  ];
}

/** One message of each status, which its history led to. */
function everyStatus(): readonly Message[] {
  const fresh = () => withIntent(exampleMessage({ acceptedAt: at(6) }));
  const sent = () => withOutcome(fresh(), exampleOutcomes.Accepted);
  const concluded = (message: Message, as: "expired" | "canceled" | "held"): Message => ({
    ...message,
    conclusion: { as, at: exampleTime },
  });
  return [
    exampleMessage({ mode: "queued", acceptedAt: at(6) }),
    fresh(),
    sent(),
    withReport(sent(), "delivered"),
    withReport(sent(), "read"),
    withReport(sent(), "failed"),
    concluded(exampleMessage({ mode: "queued" }), "expired"),
    concluded(exampleMessage({ mode: "queued" }), "canceled"),
    concluded(withOutcome(fresh(), exampleOutcomes.Ambiguous), "held"),
  ];
}

const statuses = [
  "queued",
  "sending",
  "sent",
  "delivered",
  "read",
  "failed",
  "expired",
  "canceled",
  "unknown",
] as const;
const tenants = [undefined, tenantIds, ["tenant-2"], ["__proto__"], bothTenants, ["constructor"]];
const values: readonly MessageFilter[] = [
  {},
  { outletId: "outlet-2" },
  { conversationId: "conversation-2" },
  { to: recipient },
  { to: "US.1349" },
  ...["order-1", "order-2", oddText, "\\0", "\0", ""].map((reference) => ({ reference })),
  ...statuses.map((status) => ({ status })),
  { since: at(2) },
  { until: at(2) },
  { since: at(2), until: at(4) },
  { since: at(4), until: at(2) },
  { since: new Date("0000-01-01T00:00:00Z") },
];
const filters: readonly MessageFilter[] = tenants.flatMap((ids) =>
  values.flatMap((value) =>
    [{}, { outletId: "outlet-1", since: at(1), until: at(6) }, { status: "queued", to: recipient } as const].map(
      (more) => ({ ...more, ...value, ...(ids && { tenantIds: ids }) }),
    ),
  ),
);

/** Written out, so that the contract does not rest on the code that it tests. */
function isMeant(message: Message, filter: MessageFilter): boolean {
  const { outlet, conversationId, to, reference } = message.request;
  const facts: Record<keyof MessageFilter, boolean> = {
    tenantIds: filter.tenantIds?.includes(outlet.tenantId) ?? true,
    outletId: filter.outletId === outlet.outletId,
    conversationId: filter.conversationId === conversationId,
    to: filter.to === to,
    reference: filter.reference === reference,
    status: filter.status === statusOf(message),
    since: message.acceptedAt.getTime() >= (filter.since?.getTime() ?? 0),
    until: message.acceptedAt.getTime() < (filter.until?.getTime() ?? 0),
  };
  return Object.keys(filter).every((name) => facts[name as keyof MessageFilter]);
}

function idsOf({ messages }: MessagePage): readonly string[] {
  return messages.map(({ id }) => id);
}

/** Sends a message, which a webhook then reports as failed. */
async function failLate(subject: StoreSubject): Promise<Message> {
  const intended = withIntent(exampleMessage());
  await accept(subject, intended);
  const sent = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: "wamid.failed" });
  await commit(subject, sent);
  const failed = withReport(sent, "failed");
  await commit(subject, failed);
  return failed;
}

async function acceptNewer(subject: StoreSubject): Promise<Message> {
  const newer = exampleMessage({ acceptedAt: at(60) });
  await accept(subject, newer);
  return newer;
}

async function keep(subject: StoreSubject, message: Message): Promise<void> {
  expect(await accept(subject, { ...message, revision: 1 })).toEqual({ kind: "New" });
}
