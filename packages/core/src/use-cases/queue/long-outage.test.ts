import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { statusOf } from "../../domain/status.ts";
import { createRecordingTransport, createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";

const { Accepted, NotSent } = exampleOutcomes;
const failure = { class: "transient", httpStatus: 503, details: "Service Unavailable" } as const;
const unavailable: Outcome = { kind: "Refused", final: false, maybeProcessed: false, failure };
const maybeProcessed: Outcome = { ...unavailable, maybeProcessed: true };
const hourMs = 3_600_000;

/** Each of them is looked at again and again for two hours: `npm run test:long` takes a thousand. */
const many = process.env["LONG_FORM"] === "on" ? 1000 : 60;

let ports: TestPorts;
let answer: Outcome;

beforeEach(() => {
  ports = createTestPorts({ quota: 1_000_000 });
});

/** Queues messages of one number while WhatsApp fails for an hour. Returns them as they are a while after it works again. */
async function queueInOutage(count: number, failing: Outcome, options: MessageSenderOptions = {}) {
  answer = failing;
  const transport = createRecordingTransport(({ to }) =>
    answer.kind === "Accepted" ? { ...answer, wamid: to } : answer,
  );
  const pacer = createPacer({ clock: ports.clock, permits: 256 });
  const sender = createMessageSender({ ...ports, transport, pacer }, options);
  sender.start();
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const queued = await sender.enqueue({ ...exampleCommand, to: `+62812${1_000_000 + index}`, ttlMs: 24 * hourMs });
    ids.push(queued._unsafeUnwrap().message.id);
  }
  await ports.clock.advance(hourMs);
  const requests = transport.submissions.length;
  answer = Accepted;
  await ports.clock.advance(1.2 * hourMs);
  await ports.clock.runUntil(sender.close());
  const found = await Promise.all(ids.map((id) => ports.messages.find({ id })));
  const messages = found.map((result) => result._unsafeUnwrap() as Message);
  return {
    requests,
    requestsAfter: transport.submissions.length - requests,
    statuses: new Set(messages.map(statusOf)),
    attempts: Math.max(...messages.map((message) => message.attempts.length)),
  };
}

describe.each([
  ["cannot be reached", NotSent],
  ["is unavailable", unavailable],
])("while WhatsApp %s for an hour", (_, failing) => {
  it("many queued messages wait, and each is sent once it works again", async () => {
    const { requests, statuses, requestsAfter } = await queueInOutage(many, failing);
    expect(statuses).toEqual(new Set(["sent"]));
    expect(requestsAfter).toBe(many);
    // A probe every five seconds, and those that were under way when the circuit breaker opened.
    expect(requests).toBeLessThan(hourMs / 5000 + 100);
  });

  it("messages that are too few to open the circuit breaker are tried less and less often", async () => {
    const { requests, statuses, requestsAfter } = await queueInOutage(3, failing);
    expect(statuses).toEqual(new Set(["sent"]));
    expect(requestsAfter).toBe(3);
    expect(requests / 3).toBeGreaterThan(10);
    expect(requests / 3).toBeLessThan(25);
  });
});

describe("while WhatsApp answers for an hour with errors after which a message may have been sent", () => {
  it.each([1, many])("none of %i queued messages is tried more often than its schedule says", async (count) => {
    const { attempts, requests } = await queueInOutage(count, maybeProcessed);
    expect(attempts).toBe(4);
    expect(requests).toBeLessThan(hourMs / 5000 + 100);
  });

  it.each([1, many])("each of %i queued messages is sent later by a schedule that lasts longer", async (count) => {
    const scheduleMs = [0, 1000, 2000, 4000, 60_000, 900_000, 3_600_000];
    const { statuses } = await queueInOutage(count, maybeProcessed, { retry: { scheduleMs } });
    expect(statuses).toEqual(new Set(["sent"]));
  });
});
