import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleFailure, exampleUnavailable } from "../../contracts/fixtures.ts";
import { failureOfMessage } from "../../domain/visible-facts.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

const phoneNumberId = `number-of-${exampleCommand.outletId}`;
const windowFailure = { ...exampleFailure, code: 131047, advice: "Send a template.", concerns: "window" } as const;
const refused = { kind: "Refused", failure: windowFailure, final: true, maybeProcessed: false } as const;
const day = 86_400_000;

let ports: TestPorts;
let sender: ReturnType<typeof createMessageSender>;
let lookedUp: string[];

beforeEach(() => {
  ports = createTestPorts();
  const { find } = ports.recipients;
  lookedUp = [];
  Object.assign(ports.recipients, {
    find(number: string, recipient: string) {
      lookedUp.push(recipient);
      return find(number, recipient);
    },
  });
  sender = createMessageSender(ports, { retry: { jitter: 0 } });
});

const wrote = (recipient: string, at: Date) =>
  sender.receiveWebhook({ recipientFacts: [{ kind: "Wrote", phoneNumberId, recipient, at }] });
const failed = (change: Partial<StatusUpdate> = {}): StatusUpdate => ({
  wamid: "wamid.1",
  phoneNumberId,
  callbackData: "ms1:message-000001:1",
  status: "failed",
  at: ports.clock.now(),
  failure: windowFailure,
  ...change,
});
const adviceOf = async (id = "message-000001") => {
  const message = (await sender.find(id))._unsafeUnwrap();
  return failureOfMessage(message)?.advice;
};
const secondsOf = (at: Date) => at.toISOString().replace(/\.\d+/, "");

describe("the advice on a failure that a fact about the recipient explains", () => {
  it("says what is known about them, in the answer and in the message", async () => {
    const wroteAt = ports.clock.now();
    (await wrote(exampleCommand.to, wroteAt))._unsafeUnwrap();
    await ports.clock.advance(2 * day);
    ports.transport.answerWith(refused);
    const error = (await sender.send(exampleCommand))._unsafeUnwrapErr();
    const closedAt = secondsOf(new Date(wroteAt.getTime() + day));
    const advice = `Send a template. This recipient last wrote at ${secondsOf(wroteAt)}, so the window closed at ${closedAt}.`;
    expect(error).toMatchObject({ kind: "Rejected", failure: { advice } });
    expect(await adviceOf()).toBe(advice);
  });

  it("says it for a failure in a webhook too, under the name that WhatsApp resolved", async () => {
    (await wrote("+5511", new Date(0)))._unsafeUnwrap();
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.1", waId: "5511" });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    (await sender.receiveWebhook({ statuses: [failed()] }))._unsafeUnwrap();
    const first = await adviceOf();
    expect(first).toContain("so the window closed at 1970-01-02T00:00:00Z.");
    (await wrote("+5511", ports.clock.now()))._unsafeUnwrap();
    (await sender.receiveWebhook({ statuses: [failed()] }))._unsafeUnwrap();
    expect(await adviceOf()).toBe(first);
  });

  it("says it about the requested recipient, if WhatsApp named no other", async () => {
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.1" });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    (await sender.receiveWebhook({ statuses: [failed()] }))._unsafeUnwrap();
    expect(lookedUp).toEqual([exampleCommand.to]);
    expect(await adviceOf()).toBe(
      "Send a template. No message from this recipient has been received under this number or id; WhatsApp may know them by another.",
    );
  });

  describe("of a number that WhatsApp rewrites", () => {
    const to = "+5219981234567";
    const command = { ...exampleCommand, to };
    const rewritten = { kind: "Accepted", wamid: "wamid.1", waId: "529981234567" } as const;

    it("finds them by WhatsApp's name, even if WhatsApp rejects the message at once", async () => {
      const wroteAt = ports.clock.now();
      (await wrote("+529981234567", wroteAt))._unsafeUnwrap();
      ports.transport.answerWith(rewritten, refused);
      (await sender.send(command))._unsafeUnwrap();
      await ports.clock.advance(2 * day);
      const anew = createMessageSender(ports, { retry: { jitter: 0 } });
      const error = (await anew.send(command))._unsafeUnwrapErr();
      expect(error).toMatchObject({
        failure: { advice: expect.stringContaining(`last wrote at ${secondsOf(wroteAt)}`) },
      });
    });

    it("finds them by it when a webhook reports on a message whose answer was lost", async () => {
      (await wrote("+529981234567", new Date(0)))._unsafeUnwrap();
      ports.transport.answerWith(rewritten, { kind: "Ambiguous", sawSuccess: true, cause: "no id" });
      (await sender.send(command))._unsafeUnwrap();
      (await sender.send(command))._unsafeUnwrapErr();
      (
        await sender.receiveWebhook({ statuses: [failed({ wamid: "wamid.2", callbackData: "ms1:message-000002:1" })] })
      )._unsafeUnwrap();
      expect(await adviceOf("message-000002")).toContain("so the window closed at 1970-01-02T00:00:00Z.");
    });

    it("uses what was noted last under either name", async () => {
      (await wrote("+529981234567", new Date(0)))._unsafeUnwrap();
      (await wrote(to, new Date(day)))._unsafeUnwrap();
      ports.transport.answerWith(rewritten, refused);
      (await sender.send(command))._unsafeUnwrap();
      (await sender.send(command))._unsafeUnwrapErr();
      expect(await adviceOf("message-000002")).toContain("so the window closed at 1970-01-03T00:00:00Z.");
    });

    it("says that nothing is known about them if WhatsApp never named them", async () => {
      (await wrote("+529981234567", new Date(0)))._unsafeUnwrap();
      ports.transport.answerWith(refused);
      (await sender.send(command))._unsafeUnwrapErr();
      expect(await adviceOf()).toContain("No message from this recipient has been received");
    });

    it("notes a name once, and sends even if it cannot be noted", async () => {
      const names: string[] = [];
      Object.assign(ports.recipients, {
        noteName: ({ knownAs }: { knownAs: string }) => {
          names.push(knownAs);
          return names.length === 1 ? errAsync(exampleUnavailable) : okAsync(undefined);
        },
      });
      ports.transport.answerWith(rewritten, rewritten, rewritten);
      for (const _ of [1, 2, 3]) (await sender.send(command))._unsafeUnwrap();
      expect(names).toEqual(["+529981234567", "+529981234567"]);
    });
  });

  it("uses no time in the future", async () => {
    const [toldAt, never] = [ports.clock.now(), new Date(99_999_999_999_000)];
    (await wrote(exampleCommand.to, never))._unsafeUnwrap();
    await ports.clock.advance(day);
    ports.transport.answerWith(refused);
    (await sender.send(exampleCommand))._unsafeUnwrapErr();
    expect(await adviceOf()).toContain(`so the window closed at ${secondsOf(new Date(toldAt.getTime() + day))}.`);
  });

  it("stays unchanged if the store is unavailable", async () => {
    Object.assign(ports.recipients, { find: () => errAsync(exampleUnavailable) });
    ports.transport.answerWith(refused, { kind: "Accepted", wamid: "wamid.2" });
    (await sender.send(exampleCommand))._unsafeUnwrapErr();
    expect(await adviceOf()).toBe("Send a template.");
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const update = failed({ wamid: "wamid.2", callbackData: "ms1:message-000002:1" });
    (await sender.receiveWebhook({ statuses: [update] }))._unsafeUnwrap();
    expect(await adviceOf("message-000002")).toBe("Send a template.");
  });

  it("is not looked up in any other case", async () => {
    const { concerns: _, ...other } = windowFailure;
    ports.transport.answerWith({ ...refused, failure: other }, { kind: "Accepted", wamid: "wamid.2" });
    (await sender.send(exampleCommand))._unsafeUnwrapErr();
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const callbackData = "ms1:message-000002:1";
    const updates = [
      failed({ wamid: "wamid.2", callbackData, failure: other }),
      failed({ wamid: "wamid.x", callbackData: "ms1:message-9:1" }),
      failed({ wamid: "wamid.2", callbackData, phoneNumberId: "another" }),
    ];
    (await sender.receiveWebhook({ statuses: updates }))._unsafeUnwrap();
    expect(lookedUp).toEqual([]);
  });
});
