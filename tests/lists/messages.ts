import type { Message } from "@message-sender/core";
import { exampleMessage, exampleOutcomes, withIntent, withOutcome, withReport } from "@message-sender/core/contracts";

/** Half of the messages belong to it. */
export const hugeTenant = tenantNamed(0);
/** Ten messages belong to it, all of them among the oldest. */
export const tinyTenant = tenantNamed(7_777_777);
/** A hundred tenants share the rest. */
export const middleTenants = Array.from({ length: 100 }, (_, index) => tenantNamed(index + 1));

/** One message in 200 goes to it, from every tenant. */
export const popularRecipient = "+628999999999";
/** One message in 50 has it, of every tenant. */
export const popularReference = "campaign-november";

const firstAt = new Date("2026-11-01T00:00:00Z").getTime();
/** Over how many days the messages are spread. */
export const daysOfMessages = 25;
const spreadMs = daysOfMessages * 24 * 3_600_000;

export function acceptedAtOf(index: number, count: number): Date {
  return new Date(firstAt + Math.floor((index / count) * spreadMs));
}

/** Message number `index` of `count`, in the order in which they are accepted. Each has about the size of a real one. */
export function messageAt(index: number, count: number): Message {
  const random = mix(index);
  const tenantId = index < 10 ? tinyTenant : index % 2 === 0 ? hugeTenant : (middleTenants[random % 100] ?? hugeTenant);
  const base = exampleMessage({
    id: idAt(index, count),
    tenantId,
    conversationId: conversationAt(index, count),
    acceptedAt: acceptedAtOf(index, count),
    body,
    key: { key: keyAt(index), fingerprint: "f".repeat(64) },
    mode: index % 1000 === 500 ? "queued" : "waiting",
  });
  const message: Message = {
    ...base,
    request: {
      ...base.request,
      outlet: { tenantId, outletId: uuid(4, random % 500) },
      to:
        index % 200 === 3
          ? popularRecipient
          : `+62812${String(random % Math.max(1, Math.floor(count / 5))).padStart(8, "0")}`,
      ...(index % 50 === 4 ? { reference: popularReference } : { reference: referenceAt(index) }),
    },
  };
  return { ...endedAs(index, message), revision: 1 };
}

function idAt(index: number, count: number): string {
  const time = acceptedAtOf(index, count).getTime().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, "0")}`;
}
export const keyAt = (index: number): string => `order-${index}-created`;
export const referenceAt = (index: number): string => `order-${index}`;
export const wamidAt = (index: number): string =>
  `wamid.HBgMNjI4MTIzNDU2Nzg5FQIAERgS${String(index).padStart(20, "0")}`;
export const conversationAt = (index: number, count: number): string =>
  uuid(3, mix(index) % Math.max(1, Math.floor(count / 10)));

/** Of 1,000 messages: 899 read, 99 sent or delivered, one failed and one queued; of 10,000 one unknown, of 20,000 one expired. */
function endedAs(index: number, message: Message): Message {
  if (index % 1000 === 500) return index % 20_000 === 500 ? expired(message) : message;
  if (index % 10_000 === 501) return withOutcome(withIntent(message), exampleOutcomes.Ambiguous);
  const sent = withOutcome(withIntent(message), { ...exampleOutcomes.Accepted, wamid: wamidAt(index) });
  if (index % 1000 === 502) return withReport(sent, "failed");
  if (index % 20 === 7) return sent;
  const delivered = withReport(withReport(sent, "sent"), "delivered");
  return index % 20 === 8 ? delivered : withReport(delivered, "read");
}

function expired(message: Message): Message {
  return { ...message, conclusion: { as: "expired", at: message.acceptedAt } };
}

const body = "Your order is ready. You can pick it up today between nine and six, or choose a delivery. ".repeat(3);

function tenantNamed(number: number): string {
  return uuid(1, number);
}

function uuid(kind: number, number: number): string {
  const tail = mix(number + kind * 1_000_003)
    .toString(16)
    .padStart(8, "0");
  return `${tail}-${kind}000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** A whole number that looks random, the same one for each input. */
function mix(number: number): number {
  let mixed = (number ^ 0x9e37_79b9) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
