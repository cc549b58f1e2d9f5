import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleUnavailable } from "../../contracts/fixtures.ts";
import { isErased } from "../../domain/erased.ts";
import type { Message } from "../../domain/message.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";

let ports: TestPorts;
let sender: MessageSender;

beforeEach(() => {
  ports = createTestPorts();
  sender = createMessageSender(ports);
});

const { to } = exampleCommand;
const queued = exampleCommand;

describe("the erasure of a person", () => {
  it("erases messages of every status, under each of their names, and counts them", async () => {
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.1", waId: "62899900" });
    const { message } = (await sender.send(exampleCommand))._unsafeUnwrap();
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.2" });
    const known = (await ports.clock.runUntil(sender.send({ ...exampleCommand, to: "+62899900" })))._unsafeUnwrap()
      .message;
    const other = (await ports.clock.runUntil(sender.send({ ...exampleCommand, to: "+49301112233" })))._unsafeUnwrap()
      .message;
    const erased = await sender.erase({ to });
    expect(erased.unwrapOr(erased)).toEqual({ messages: 2, canceled: 0, recipients: 1, webhooks: 0 });
    for (const { id } of [message, known]) expect(isErased((await sender.find(id))._unsafeUnwrap())).toBe(true);
    expect((await sender.find(other.id))._unsafeUnwrap()).toEqual(other);
    const usage = await sender.usage();
    expect(usage.isOk() ? usage.value.counts : usage.error).toMatchObject([{ status: "sent", messages: 3 }]);
  });

  it("cancels what is queued, and returns its unit", async () => {
    const { message } = (await sender.enqueue(queued))._unsafeUnwrap();
    expect((await sender.erase({ to }))._unsafeUnwrap()).toMatchObject({ messages: 1, canceled: 1 });
    await ports.clock.advance(60_000);
    await sender.tick();
    expect(statusOf((await sender.find(message.id))._unsafeUnwrap())).toBe("canceled");
    expect(ports.transport.submissions).toEqual([]);
  });

  it("waits for nothing that is being sent: it erases the rest, and says what is left", async () => {
    const earlier = (await sender.send(exampleCommand))._unsafeUnwrap().message;
    ports.transport.answerWith({ kind: "Ambiguous", sawSuccess: false, cause: "reset" });
    const waiting = sender.send(exampleCommand);
    await ports.clock.advance(0);
    const refused = (await sender.erase({ to }))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ kind: "PersonInUse", messageIds: [expect.any(String)] });
    expect(isErased((await sender.find(earlier.id))._unsafeUnwrap())).toBe(true);
    expect((await ports.clock.runUntil(waiting)).isOk()).toBe(true);
    expect((await sender.erase({ to }))._unsafeUnwrap()).toMatchObject({ messages: 1 });
  });

  describe("a person with names that only messages reveal:", () => {
    const [second, third] = ["+62899900", "+62899911"];

    /** Messages to three names, each of which reveals the next one. WhatsApp's names for recipients were forgotten. */
    async function sendToThreeNames(): Promise<void> {
      const sendTo = async (name: string, waId?: string) => {
        ports.transport.answerWith({ kind: "Accepted", wamid: `wamid.${name}`, ...(waId && { waId }) });
        (await ports.clock.runUntil(sender.send({ ...exampleCommand, to: name })))._unsafeUnwrap();
      };
      await sendTo(to, second.slice(1));
      await sendTo(second, third.slice(1));
      await sendTo(third);
      await sendTo(third);
    }

    const count = async (name: string) => (await sender.list({ to: name }))._unsafeUnwrap().messages.length;
    const left = async () => [await count(to), await count(second), await count(third)];

    it.each([0, 1, 2, 3])("an erasure that is interrupted after %i messages is completed by the next", async (most) => {
      let replaced = 0;
      const erasure = {
        ...ports.erasure,
        namesOf: (names: readonly string[]) => okAsync(names),
        replace: (next: Message) =>
          replaced++ < most ? ports.erasure.replace(next) : errAsync<boolean, Unavailable>(exampleUnavailable),
      };
      sender = createMessageSender({ ...ports, erasure });
      await sendToThreeNames();
      expect((await sender.erase({ to }))._unsafeUnwrapErr().kind).toBe("Unavailable");
      replaced = -10;
      expect((await sender.erase({ to }))._unsafeUnwrap()).toMatchObject({ messages: 4 - most });
      expect(await left()).toEqual([0, 0, 0]);
    });

    it("one of which is in use: what leads there remains, and goes with the next erasure", async () => {
      const erasure = { ...ports.erasure, namesOf: (names: readonly string[]) => okAsync(names) };
      sender = createMessageSender({ ...ports, erasure });
      await sendToThreeNames();
      ports.transport.answerWith({ kind: "Ambiguous", sawSuccess: false, cause: "reset" });
      const waiting = sender.send({ ...exampleCommand, to: third });
      await ports.clock.advance(0);
      expect((await sender.erase({ to }))._unsafeUnwrapErr().kind).toBe("PersonInUse");
      expect(await left()).toEqual([1, 1, 1]);
      expect((await ports.clock.runUntil(waiting)).isOk()).toBe(true);
      expect((await sender.erase({ to }))._unsafeUnwrap()).toMatchObject({ messages: 3 });
      expect(await left()).toEqual([0, 0, 0]);
    });
  });

  it("erases only messages of the tenants that it is given", async () => {
    const { message } = (await sender.send(exampleCommand))._unsafeUnwrap();
    expect((await sender.erase({ to, tenantIds: ["another"] }))._unsafeUnwrap().messages).toBe(0);
    expect((await sender.erase({ to, tenantIds: [message.request.outlet.tenantId] }))._unsafeUnwrap().messages).toBe(1);
  });

  it("an erased message is never sent again, and learns nothing from late webhooks", async () => {
    ports.transport.answerWith({ kind: "Ambiguous", sawSuccess: true, cause: "cut" });
    const failed = (await sender.send(exampleCommand))._unsafeUnwrapErr();
    const id = "message" in failed && failed.message ? failed.message.id : "";
    (await sender.erase({ to }))._unsafeUnwrap();
    const before = (await sender.find(id))._unsafeUnwrap();
    expect((await sender.resolve({ messageId: id, action: "resend" }))._unsafeUnwrapErr().kind).toBe("Conflict");
    const phoneNumberId = before.attempts[0]?.phoneNumberId ?? "";
    const late = {
      wamid: "wamid.9",
      phoneNumberId,
      status: "read",
      at: ports.clock.now(),
      callbackData: `ms1:${id}:1`,
    } as const;
    (await sender.receiveWebhook({ statuses: [late] }))._unsafeUnwrap();
    expect((await sender.find(id))._unsafeUnwrap()).toEqual(before);
  });

  it("once more removes a status that came later without our callback data, which waits for its message", async () => {
    // The id has the number of the recipient.
    const wamid = "wamid.HBgMNjI4MTIzNDU2Nzg5FQIAERgSQTQ1";
    const late = { wamid, phoneNumberId: `number-of-${exampleCommand.outletId}`, status: "read" } as const;
    const receive = async () =>
      (await sender.receiveWebhook({ statuses: [{ ...late, at: ports.clock.now() }] }))._unsafeUnwrap();
    ports.transport.answerWith({ kind: "Accepted", wamid });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    (await sender.erase({ to }))._unsafeUnwrap();
    expect(await receive()).toMatchObject({ applied: 0, parked: 1 });
    expect((await ports.backlog.measure(10))._unsafeUnwrap()).toMatchObject({ parkedStatuses: 1 });
    (await sender.erase({ to }))._unsafeUnwrap();
    expect((await ports.backlog.measure(10))._unsafeUnwrap()).toMatchObject({ parkedStatuses: 0 });
  });

  it.each(["", "0812", "+1", "erased"])("refuses %j", async (name) => {
    expect((await sender.erase({ to: name }))._unsafeUnwrapErr()).toEqual({ kind: "InvalidRecipient" });
  });
});
