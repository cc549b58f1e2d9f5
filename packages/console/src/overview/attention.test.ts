import type { Pause, QueuedOutlet } from "@message-sender/core";
import { describe, expect, it } from "vitest";

import { numbersOf } from "../service/numbers.ts";
import type { NumberReport, ProcessReport } from "../service/service-view.ts";
import { attentionOf, type Watched } from "./attention.ts";
import { hourOf } from "./hour.ts";
import { whyItWaits } from "./why-it-waits.ts";

const calm: Watched = { numbers: [], lines: [], pauses: [], quotas: new Map() };
const whats = (watched: Partial<Watched>) => attentionOf({ ...calm, ...watched }).map(({ what }) => what);
const outlet = { tenantId: "acme", outletId: "main" };
const line: QueuedOutlet = {
  ...outlet,
  open: 5,
  due: 5,
  dueForMs: 90_000,
  isHeld: true,
  isPaused: false,
  reason: "It is being sent.",
};
const pause: Pause = {
  id: "p",
  kind: "number",
  name: "1",
  owner: "operator",
  reason: "a test",
  by: "key_1",
  at: new Date(0),
};

function report(number: Partial<NumberReport>, process = 1): ProcessReport {
  const state = { phoneNumberId: "1", condition: "normal" as const, inFlight: 1, waiting: 2, waitingForRecipient: 0 };
  const outlets = [{ ...outlet, phoneNumberId: "1", credential: "usable" as const }];
  return { process, startedAt: 0, overload: 0, inFlight: 1, waiting: 2, numbers: [{ ...state, ...number }], outlets };
}
const numbers = (reports: readonly ProcessReport[], pauses: readonly Pause[] = []) =>
  numbersOf(reports, reports[0]?.outlets ?? [], pauses);

describe("a number of several processes", () => {
  it("shows the strongest of what they say, the lowest rate, and what they have together", () => {
    const slow = { condition: "throttled", reason: "limit reached", perSecond: 40, fullPerSecond: 80 } as const;
    const open = {
      condition: "open",
      reason: "WhatsApp fails",
      until: 5000,
      perSecond: 80,
      fullPerSecond: 80,
    } as const;
    expect(numbers([report(slow), report(open, 2), report({}, 3)])).toEqual([
      {
        phoneNumberId: "1",
        outlets: [{ ...outlet, phoneNumberId: "1", credential: "usable" }],
        hold: { kind: "open", reason: "WhatsApp fails", until: new Date(5000) },
        perSecond: 40,
        fullPerSecond: 80,
        inFlight: 3,
        waiting: 6,
        waitingForRecipient: 0,
      },
    ]);
  });

  it("is paused where somebody paused it here, whatever the pacer says", () => {
    const [number] = numbers([report({ condition: "throttled", reason: "limit reached" })], [pause]);
    expect(number?.hold).toEqual({ kind: "stopped", reason: "key_1 paused it: a test" });
  });
});

describe("what needs attention", () => {
  it("is nothing while all is well", () => {
    expect(whats({ numbers: numbers([report({})]), lines: [{ ...line, dueForMs: 100 }] })).toEqual([]);
  });

  it("is what holds numbers, tenants and deliveries up, the worst first", () => {
    const topic = { waiting: { count: 3, oldestMs: 120_000 }, dead: 2 };
    const fine = { waiting: { count: 0, oldestMs: 0 }, dead: 0 };
    const backlog = {
      queued: 0,
      due: { count: 0, oldestMs: 0 },
      outbox: { history: topic, webhook: fine, status: fine },
      parkedStatuses: 0,
      openQuotaBlocks: 0,
    };
    const found = whats({
      notReady: "disk full",
      overload: 2,
      backlog,
      numbers: numbers([report({ condition: "throttled", reason: "r", perSecond: 40, fullPerSecond: 80 })]),
      pauses: [{ ...pause, kind: "tenant", name: "acme" }],
      quotas: new Map([
        ["full", { limit: 10, used: 10, unused: 0 }],
        ["most", { limit: 100, used: 99, unused: 5 }],
        ["some", { limit: 100, used: 90, unused: 50 }],
      ]),
      lines: [line],
    });
    expect(found).toEqual([
      "The service takes no messages",
      "The server is overloaded",
      "The quota of full is used up",
      "2 deliveries to the Conversation Service were given up",
      "Number 1 is throttled to 40 of 80 messages a second",
      "Tenant acme is paused",
      "most has used 94 % of its quota",
      "Deliveries to the Conversation Service are late",
      "Queued messages of main are late",
    ]);
  });

  it("is that many messages of the last ten minutes were not sent, with the reasons", () => {
    const counts = { "ended:sent": 90, "ended:refused": 8, "ended:exhausted": 2, "ended:canceled": 50 };
    const hour = (slot: number) =>
      hourOf([{ slotMs: 10_000, present: 1000, slots: [[slot, { counts, spans: {} }]], bounds: {} }])!;
    expect(attentionOf({ ...calm, hour: hour(1000) })).toMatchObject([
      {
        tone: "bad",
        what: "6.7 % of the messages of the last ten minutes were not sent",
        why: "8 refused, 2 exhausted.",
      },
    ]);
    expect(attentionOf({ ...calm, hour: hour(900) })).toEqual([]);
  });

  it("says when a number that fails is probed next, and how to deliver again what was given up", () => {
    const open = report({ condition: "open", reason: "WhatsApp failed the last probe", until: 1_000_000 });
    expect(attentionOf({ ...calm, numbers: numbers([open]) })).toMatchObject([
      { tone: "bad", until: new Date(1_000_000), next: "The next probe is at" },
    ]);
    const fine = { waiting: { count: 0, oldestMs: 0 }, dead: 0 };
    const outbox = { history: { ...fine, dead: 1 }, webhook: fine, status: { ...fine, dead: 10_000 } };
    const backlog = { queued: 0, due: fine.waiting, outbox, parkedStatuses: 0, openQuotaBlocks: 0 };
    expect(attentionOf({ ...calm, backlog })).toMatchObject([
      { what: "1 delivery to the Conversation Service was given up", href: "/console/tenants" },
      {
        what: "10,000+ deliveries to receivers of status callbacks were given up",
        why: expect.stringContaining("message-sender callbacks replay"),
      },
    ]);
  });

  it("is a token that WhatsApp refuses", () => {
    const refused = { ...report({}), outlets: [{ ...outlet, phoneNumberId: "1", credential: "refused" as const }] };
    expect(whats({ numbers: numbers([refused]) })).toEqual(["WhatsApp refuses the token of main of acme"]);
  });
});

describe("why a line waits", () => {
  const held = numbers([
    report({ condition: "throttled", reason: "The limit is reached (130429)", perSecond: 40, fullPerSecond: 80 }),
  ]);

  it("is what holds its number, where the queue itself holds nothing back", () => {
    expect(whyItWaits(line, held)).toBe("It is being sent at a lower rate. The limit is reached (130429).");
    expect(whyItWaits(line, numbers([report({})]))).toBe(line.reason);
    expect(whyItWaits({ ...line, isPaused: true, reason: "It waits: paused" }, held)).toBe("It waits: paused");
    expect(whyItWaits({ ...line, outletId: "other" }, held)).toBe(line.reason);
  });
});
