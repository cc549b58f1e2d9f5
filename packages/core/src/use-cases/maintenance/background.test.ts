import { errAsync, ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

const never = () => new ResultAsync<never, never>(new Promise(() => {}));

it("a sender closes within 22 s, even if neither WhatsApp nor its store ever answers", async () => {
  const ports = createTestPorts();
  let hangs = false;
  const messages: typeof ports.messages = {
    ...ports.messages,
    commit: (change) => (hangs ? errAsync(exampleUnavailable) : ports.messages.commit(change)),
  };
  const queue: typeof ports.queue = {
    ...ports.queue,
    claim: (limit) => (hangs ? never() : ports.queue.claim(limit)),
    release: (lines) => (hangs ? never() : ports.queue.release(lines)),
  };
  const outbox: typeof ports.outbox = {
    ...ports.outbox,
    claim: (topic, options) => (hangs ? never() : ports.outbox.claim(topic, options)),
  };
  const quotaLedger: typeof ports.quotaLedger = {
    ...ports.quotaLedger,
    unsettled: () => (hangs ? never() : ports.quotaLedger.unsettled()),
  };
  const answered = async () => {
    await ports.clock.sleep(2000);
    return exampleOutcomes.Accepted;
  };
  let submissions = 0;
  const transport: Pick<typeof ports.transport, "submit"> = {
    submit: () => ((submissions += 1) === 1 ? ResultAsync.fromSafePromise(answered()) : never()),
  };
  const sender = createMessageSender({ ...ports, messages, queue, outbox, quotaLedger, transport });
  sender.start();
  (await sender.enqueue(exampleCommand))._unsafeUnwrap();
  await ports.clock.advance(500);
  const sending = sender.send(exampleCommand);
  await ports.clock.advance(500);
  hangs = true;
  const closing = ports.clock.monotonicMs();
  await ports.clock.runUntil(sender.close());
  // It has no end: WhatsApp does not answer.
  sending.then(undefined, () => {});
  expect(submissions).toBe(2);
  expect(ports.clock.monotonicMs() - closing).toBeLessThanOrEqual(22_000);
});
