import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { template, textParameters } from "../../content/index.ts";
import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import type { Pause } from "../../domain/pause.ts";
import { Secret } from "../../domain/secret.ts";
import { holdsQuotaUnit, statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";
import type { PauseCommand } from "./pause-command.ts";

let ports: TestPorts;
beforeEach(() => {
  ports = createTestPorts();
});

const { tenantId, outletId } = exampleCommand;
const outlet = { tenantId, outletId };
const why = { reason: "the shop moves", by: "key-1" };
const credential = { accessToken: new Secret("EAAtoken"), phoneNumberId: "109", wabaId: "102" };
const sale = {
  ...exampleCommand,
  content: template("sale", "id", [{ type: "body", parameters: textParameters(["1"]) }]),
};

function create(change: Partial<MessageSenderPorts> = {}): MessageSender {
  return createMessageSender({ ...ports, ...change }, { retry: { jitter: 0 }, credentialsTtlMs: 0 });
}

async function pause(sender: MessageSender, command: Omit<PauseCommand, "reason" | "by">): Promise<Pause> {
  return (await sender.pause({ ...why, ...command }))._unsafeUnwrap();
}

async function enqueue(sender: MessageSender, change: object = {}): Promise<Message> {
  return (await sender.enqueue({ ...exampleCommand, ...change }))._unsafeUnwrap().message;
}

async function stored({ id }: Pick<Message, "id">): Promise<Message> {
  const message = (await ports.messages.find({ id }))._unsafeUnwrap();
  if (!message) throw new Error("It is stored.");
  return message;
}

const later = (ms: number) => new Date(ports.clock.now().getTime() + ms);

const targets: readonly [string, Omit<PauseCommand, "reason" | "by">, string][] = [
  ["tenant", { tenantId }, `tenant ${tenantId} is paused`],
  ["outlet", { tenantId, outletId }, `outlet ${outletId} of tenant ${tenantId} is paused`],
  ["number", { phoneNumberId: "109" }, "phone number 109 is paused"],
  ["number of one tenant", { phoneNumberId: "109", tenantId }, `phone number 109 of tenant ${tenantId} is paused`],
  ["template", { template: { name: "sale" } }, "template sale is paused"],
  ["template in one language", { template: { name: "sale", language: "id" } }, "template sale (id) is paused"],
];

const others: readonly [string, Omit<PauseCommand, "reason" | "by">][] = [
  ["tenant", { tenantId: "other" }],
  ["outlet", { tenantId, outletId: "other" }],
  ["outlet of the same name of another tenant", { tenantId: "other", outletId }],
  ["number", { phoneNumberId: "110" }],
  ["tenant on the number", { phoneNumberId: "109", tenantId: "other" }],
  ["template", { template: { name: "sales" } }],
  ["language", { template: { name: "sale", language: "en" } }],
  ["tenant with the template", { template: { name: "sale" }, tenantId: "other" }],
];

describe("a call that waits", () => {
  it.each(targets)("is Unavailable while its %s is paused: nothing is stored or used", async (_, target, subject) => {
    ports.credentials.set(outlet, credential);
    const sender = create();
    await pause(sender, target);
    const error = (await sender.send({ ...sale, idempotency: { key: "k-1" } }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "Unavailable", reason: `${subject}: the shop moves`, retryAt: later(60_000) });
    expect(ports.transport.submissions).toEqual([]);
    expect((await sender.list())._unsafeUnwrap().messages).toEqual([]);
    expect(ports.quota.used(tenantId)).toBe(0);
  });

  it.each(others)("is sent while another %s is paused", async (_, target) => {
    ports.credentials.set(outlet, credential);
    const sender = create();
    await pause(sender, target);
    expect((await sender.send(sale)).isOk()).toBe(true);
  });

  it("may be repeated from the end of the pause that lasts longest, and is sent then", async () => {
    const sender = create();
    await pause(sender, { tenantId, until: later(60_000) });
    await pause(sender, { tenantId, outletId, until: later(3_600_000) });
    const refused = (await sender.send(exampleCommand))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ kind: "Unavailable", retryAt: later(3_600_000) });
    await ports.clock.advance(3_599_999);
    expect((await sender.send(exampleCommand)).isErr()).toBe(true);
    await ports.clock.advance(1);
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
  });

  it("gets the answer of an earlier call under its key", async () => {
    const sender = create();
    const keyed = { ...exampleCommand, idempotency: { key: "k-1" } };
    expect((await sender.send(keyed)).isOk()).toBe(true);
    await pause(sender, { tenantId });
    expect((await sender.send(keyed))._unsafeUnwrap().replayed).toBe(true);
  });

  it("makes no repeat of what was paused since: its key is free", async () => {
    const sender = create();
    ports.transport.answerWith({ ...exampleOutcomes.Refused, maybeProcessed: false });
    const sending = sender.send({ ...exampleCommand, idempotency: { key: "k-1" } });
    await ports.clock.advance(0);
    expect(ports.transport.submissions).toHaveLength(1);
    await pause(sender, { tenantId, until: later(60_000) });
    const error = (await ports.clock.runUntil(sending))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "Outage", retryAt: new Date("2025-11-21T10:01:00Z") });
    expect(ports.transport.submissions).toHaveLength(1);
    const [message] = (await sender.list())._unsafeUnwrap().messages;
    expect(message).toMatchObject({ conclusion: { as: "throttled", heldBack: { because: "pause" } } });
    expect(message).not.toHaveProperty("idempotencyKey");
    expect(message && holdsQuotaUnit(message)).toBe(false);
  });

  it("is not sent if it was paused while it waited for a permit", async () => {
    const first = Promise.withResolvers<typeof exampleOutcomes.Accepted>();
    const sender = create({ pacer: createPacer({ clock: ports.clock, permits: 1, rates: false }) });
    ports.transport.answerWith(first.promise as never);
    const holding = sender.send(exampleCommand);
    const waiting = sender.send(exampleCommand);
    await ports.clock.advance(0);
    await pause(sender, { tenantId });
    first.resolve(exampleOutcomes.Accepted);
    expect((await ports.clock.runUntil(holding)).isOk()).toBe(true);
    expect((await ports.clock.runUntil(waiting))._unsafeUnwrapErr().kind).toBe("Unavailable");
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("waits until it is known for the first time what is paused", async () => {
    await pause(create(), { tenantId });
    const [one, other] = [create(), create({ pauses: { ...ports.pauses, list: () => errAsync(exampleUnavailable) } })];
    expect((await one.send(exampleCommand))._unsafeUnwrapErr()).toMatchObject({ pause: { kind: "tenant" } });
    expect((await other.send(exampleCommand))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
    expect(ports.transport.submissions).toEqual([]);
  });
});

describe("a queued message", () => {
  it.each(targets)("waits while its %s is paused, and is sent within a second once it is not", async (_, target) => {
    ports.credentials.set(outlet, credential);
    const sender = create();
    sender.start();
    const { id } = await pause(sender, target);
    const message = await enqueue(sender, sale);
    await ports.clock.advance(1000);
    expect(statusOf(await stored(message))).toBe("queued");
    expect((await sender.pauseOf(await stored(message)))?.id).toBe(id);
    expect((await sender.resume({ id })).isOk()).toBe(true);
    await ports.clock.advance(1000);
    expect(statusOf(await stored(message))).toBe("sent");
    expect(await sender.pauseOf(await stored(message))).toBeUndefined();
    await ports.clock.runUntil(sender.close());
  });

  it.each(targets.slice(0, 4))("is not committed while its %s is paused", async (_, target) => {
    ports.credentials.set(outlet, credential);
    const sender = create();
    sender.start();
    await pause(sender, target);
    const message = await enqueue(sender, sale);
    await ports.clock.advance(60_000);
    expect((await stored(message)).revision).toBe(message.revision);
    await ports.clock.runUntil(sender.close());
  });

  it("of a paused template is committed less and less often", async () => {
    const sender = create();
    sender.start();
    await pause(sender, { template: { name: "sale" } });
    const message = await enqueue(sender, { ...sale, ttlMs: 864_000_000 });
    await ports.clock.advance(86_400_000);
    const commits = (await stored(message)).revision - message.revision;
    expect(commits).toBeGreaterThan(10);
    expect(commits).toBeLessThan(300);
    await ports.clock.runUntil(sender.close());
  });

  it("waits for a pause by another process, which is known within a second, as is its end", async () => {
    const [one, other] = [create(), create()];
    one.start();
    await ports.clock.advance(10);
    const { id } = await pause(other, { tenantId });
    await ports.clock.advance(1000);
    const message = await enqueue(one);
    await ports.clock.advance(5000);
    expect(statusOf(await stored(message))).toBe("queued");
    expect((await other.resume({ id })).isOk()).toBe(true);
    await ports.clock.advance(2000);
    expect(statusOf(await stored(message))).toBe("sent");
    await ports.clock.runUntil(one.close());
  });

  it("is sent by a pause's end, which nobody has to end", async () => {
    const sender = create();
    sender.start();
    await pause(sender, { tenantId, until: later(60_000) });
    const message = await enqueue(sender);
    await ports.clock.advance(59_000);
    expect(statusOf(await stored(message))).toBe("queued");
    await ports.clock.advance(2000);
    expect(statusOf(await stored(message))).toBe("sent");
    expect((await sender.pauses())._unsafeUnwrap()).toEqual([]);
    await ports.clock.advance(120_000);
    expect((await ports.pauses.list())._unsafeUnwrap()).toEqual([]);
    await ports.clock.runUntil(sender.close());
  });
});

describe("pauses", () => {
  it("are listed, the latest first, and those of a tenant alone on request", async () => {
    const sender = create();
    const first = await pause(sender, { tenantId, outletId });
    await ports.clock.advance(1000);
    const second = await pause(sender, { tenantId: "other", until: later(60_000) });
    const third = await pause(sender, { phoneNumberId: "109" });
    const listed = (await sender.pauses())._unsafeUnwrap();
    expect(listed.map(({ id }) => id).toSorted()).toEqual([first, second, third].map(({ id }) => id).toSorted());
    expect(listed.at(-1)).toEqual(first);
    expect((await sender.pauses({ tenantIds: [tenantId] }))._unsafeUnwrap()).toEqual([first]);
    expect(first).toEqual({
      id: `outlet:${tenantId}:${outletId}`,
      kind: "outlet",
      name: outletId,
      tenantId,
      owner: "operator",
      at: new Date("2025-11-21T10:00:00Z"),
      ...why,
    });
  });

  it("of one target are one: the last counts", async () => {
    const sender = create();
    await pause(sender, { tenantId, until: later(1000) });
    await pause(sender, { tenantId });
    expect((await sender.pauses())._unsafeUnwrap()).toHaveLength(1);
    await ports.clock.advance(2000);
    expect((await sender.send(exampleCommand)).isErr()).toBe(true);
  });

  it("that a tenant has made are its own to end, and no others", async () => {
    const sender = create();
    const theirs = await pause(sender, { tenantId, as: "tenant" });
    const ours = await pause(sender, { tenantId });
    for (const [id, tenants] of [[ours.id, [tenantId]] as const, [theirs.id, ["other"]] as const]) {
      expect((await sender.resume({ id, asTenants: tenants }))._unsafeUnwrapErr().kind).toBe("PauseNotFound");
    }
    expect((await sender.resume({ id: theirs.id, asTenants: ["other", tenantId] }))._unsafeUnwrap()).toEqual(theirs);
    expect((await sender.send(exampleCommand)).isErr()).toBe(true);
    expect((await sender.resume({ id: ours.id })).isOk()).toBe(true);
    expect((await sender.resume({ id: ours.id }))._unsafeUnwrapErr()).toEqual({ kind: "PauseNotFound" });
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
  });

  it("may have a reason of 500 characters, counted as code points", async () => {
    const reason = "👍".repeat(500);
    expect((await create().pause({ tenantId, reason, by: "key-1" }))._unsafeUnwrap()).toMatchObject({ reason });
  });

  it("are events, once for each that begins, changes or ends", async () => {
    const sender = create();
    sender.start();
    await pause(sender, { tenantId, until: later(10_000) });
    await pause(sender, { tenantId, until: later(20_000) });
    await ports.clock.advance(60_000);
    const told = ports.telemetry.events.filter(({ kind }) => kind.startsWith("Pause"));
    expect(told).toMatchObject([
      { kind: "PauseBegun", replaces: false, pause: { by: "key-1" } },
      { kind: "PauseBegun", replaces: true },
      { kind: "PauseEnded", pause: { id: `tenant:${tenantId}` } },
    ]);
    await ports.clock.runUntil(sender.close());
  });

  it.each<[string, object]>([
    ["tenantId", { tenantId: "a b" }],
    ["outletId", { outletId: "main" }],
    ["outletId", { tenantId, outletId: 7 }],
    ["phoneNumberId", { phoneNumberId: "" }],
    ["template.name", { template: { name: "Sale" } }],
    ["template.name", { template: "sale" }],
    ["template.language", { template: { name: "sale", language: "" } }],
    ["", {}],
    ["", { tenantId, outletId, phoneNumberId: "109" }],
    ["until", { tenantId, until: new Date("2025-11-21T10:00:00Z") }],
    ["until", { tenantId, until: new Date("never") }],
    ["until", { tenantId, until: 7 }],
    ["reason", { tenantId, reason: " " }],
    ["reason", { tenantId, reason: "x".repeat(501) }],
    ["reason", { tenantId, reason: "\ud800" }],
    ["by", { tenantId, by: "" }],
    ["as", { tenantId, as: "whatsapp" }],
    ["tenantId", { phoneNumberId: "109", as: "tenant" }],
  ])("are refused for a wrong %s: %o", async (field, change) => {
    const error = (await create().pause({ ...why, ...change }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "InvalidCommand", problems: [{ path: field.split(".") }] });
  });

  it("take null for an absent field", async () => {
    const given = { tenantId, outletId: null, phoneNumberId: null, template: null, until: null, as: null, ...why };
    expect((await create().pause(given as never))._unsafeUnwrap()).toMatchObject({ kind: "tenant", owner: "operator" });
  });
});
