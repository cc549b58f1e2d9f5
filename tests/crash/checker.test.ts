import { describe, expect, it } from "vitest";

import { check as checkAll } from "./checker.ts";
import type { OracleEvent, ProviderStatus } from "./events.ts";
import type { Facts } from "./facts.ts";
import { statusOf, type StoredMessage, type StoredOutcome } from "./stored-message.ts";

type StoredAttempt = StoredMessage["attempts"][number];

const tenantId = "tenant";
const accepted: StoredOutcome = { kind: "Accepted", wamid: "wamid.1" };
const ambiguous: StoredOutcome = { kind: "Ambiguous", sawSuccess: false };

function attempt(number: number, outcome?: StoredOutcome, ...said: ProviderStatus[]): StoredAttempt {
  const statuses = Object.fromEntries(said.map((status) => [status, "x"]));
  return {
    number,
    startedAt: new Date(number * 1000).toISOString(),
    ...(outcome && { ended: { outcome } }),
    ...(said.length > 0 && { reports: [{ wamid: `wamid.${number}`, statuses }] }),
  };
}

function message(given: Partial<StoredMessage> = {}): StoredMessage {
  return {
    id: "m",
    version: 2,
    mode: "waiting",
    acceptedAt: new Date(900).toISOString(),
    request: { outlet: { tenantId }, reference: "call" },
    policy: { onAmbiguous: "resend" },
    attempts: [attempt(1, accepted)],
    ...given,
  };
}

function requested(number: number, given: { at?: number; attempt?: number; id?: string } = {}): OracleEvent {
  const { at = number * 1000 + 1, attempt: which = number, id = "m" } = given;
  return { at, kind: "request", request: number, callbackData: `ms1:${id}:${which}` };
}

function answered(number: number, status = 200): OracleEvent {
  const wamid = status === 200 && { wamid: `wamid.${number}` };
  return { at: number * 1000 + 2, kind: "answered", request: number, status, ...wamid };
}

function webhook(status: ProviderStatus, at: number, number = 1): OracleEvent {
  return { at, kind: "webhook", callbackData: `ms1:m:${number}`, wamid: `wamid.${number}`, status, answered: 200 };
}

/** A run with one message that was sent and reported, without any violation. */
const sound: Facts = {
  oracle: [requested(1), answered(1)],
  clients: [
    { at: 1000, kind: "asked", call: "call", tenantId, by: "http", key: "key" },
    { at: 1005, kind: "answered", call: "call", status: 200, messageId: "m", messageStatus: "sent" },
    { at: 9000, kind: "shown", messageId: "m", status: "sent", wamid: "wamid.1", possibleDuplicate: false },
  ],
  messages: [message()],
  openBlocks: [],
  accounts: { used: { [tenantId]: 1 }, history: [{ message_id: "m", version: 2, status: "sent" }] },
};

/** A message that was sent by its second request. `first` is the outcome of the first. */
function repeated(first: StoredOutcome, given: Partial<StoredMessage> = {}, between: OracleEvent[] = []): Facts {
  const said = between.flatMap((event) => (event.kind === "webhook" ? event.status : []));
  const attempts = [attempt(1, first, ...said), attempt(2, { kind: "Accepted", wamid: "wamid.2" })];
  const isTwice = first.kind === "Accepted" || said.includes("sent");
  const shown = { wamid: isTwice ? "wamid.1" : "wamid.2", possibleDuplicate: isTwice };
  const firstAnswer = first.kind === "Accepted" ? answered(1) : said.length > 0 ? dropped(1) : answered(1, 503);
  return {
    ...sound,
    oracle: [requested(1), firstAnswer, ...between, requested(2), answered(2)],
    clients: shownAs(sound, shown).clients,
    messages: [message({ attempts, ...given })],
  };
}

/** A message whose second attempt failed, and whose first has no known outcome. */
const unsettled: Partial<StoredMessage> = { attempts: [attempt(1, ambiguous), attempt(2, accepted, "failed")] };

/** The facts, with another answer of the API. */
function shownAs(facts: Facts, shown: object): Facts {
  const clients = facts.clients.map((event) => (event.kind === "shown" ? { ...event, ...shown } : event));
  return { ...facts, clients };
}

function dropped(number: number): OracleEvent {
  return { at: number * 1000 + 2, kind: "dropped", request: number, wamid: `wamid.${number}` };
}

/** The callbacks of messages, each version once and in its order. */
function callbacksOf({ messages }: Facts): OracleEvent[] {
  return messages.flatMap((one) =>
    Array.from({ length: one.version }, (_, index): OracleEvent => {
      const version = index + 1;
      const known = { id: `${one.id}:${version}`, messageId: one.id, version, status: statusOf(one) };
      return { at: 0, kind: "callback", ...known, isSigned: true, isTaken: true };
    }),
  );
}

const check = (facts: Facts) => checkAll({ ...facts, oracle: [...facts.oracle, ...callbacksOf(facts)] });

function rulesBroken(facts: Facts): string[] {
  return [...new Set(check(facts).map(({ rule }) => rule))];
}

describe("the checker", () => {
  it("finds no violation in a sound run", () => {
    expect(check(sound)).toEqual([]);
  });

  it("finds callbacks that never came", () => {
    expect(checkAll(sound).map(({ rule }) => rule)).toEqual(["callbacks tell all"]);
  });

  it.each<[string, StoredOutcome]>([
    ["throttled", { kind: "Throttled" }],
    ["refused for now", { kind: "Refused", final: false }],
    ["not sent", { kind: "NotSent", final: false }],
    ["refused with its credentials", { kind: "CredentialRefused" }],
    ["ambiguous", ambiguous],
  ])("allows a retry after an attempt that was %s", (_, first) => {
    expect(check(repeated(first))).toEqual([]);
  });

  it("allows a retry that an operator requested", () => {
    const liftedConclusions = [{ as: "held", liftedAt: new Date(1500).toISOString() }];
    expect(check(repeated(ambiguous, { policy: { onAmbiguous: "hold" }, liftedConclusions }))).toEqual([]);
  });

  it("finds a message that a client knows and the store has lost", () => {
    const facts = { ...sound, messages: [], accounts: { used: {}, history: [] } };
    expect(rulesBroken(facts)).toEqual(["no lost messages"]);
  });

  it("finds a message that WhatsApp was asked to send and the store does not have", () => {
    const oracle = [...sound.oracle, requested(2, { id: "stranger", attempt: 1 }), answered(2, 400)];
    expect(rulesBroken({ ...sound, oracle })).toEqual(["no lost messages"]);
  });

  it("finds a message that has not ended", () => {
    const facts: Facts = {
      ...sound,
      oracle: [requested(1)],
      clients: [],
      messages: [message({ attempts: [attempt(1)] })],
      accounts: { ...sound.accounts, history: [] },
    };
    expect(rulesBroken(facts)).toEqual(["all ended"]);
  });

  it("finds a status that contradicts the facts", () => {
    const clients: Facts["clients"] = [{ at: 9000, kind: "shown", messageId: "m", status: "delivered" }];
    expect(rulesBroken({ ...sound, clients })).toEqual(["all ended", "one attempt decides"]);
  });

  it.each<[string, Facts]>([
    ["after an acceptance", repeated(accepted)],
    ["after a final refusal", repeated({ kind: "Refused", final: true })],
    ["after a success that could not be read", repeated({ kind: "Ambiguous", sawSuccess: true })],
    ["after an ambiguity that is to be held", repeated(ambiguous, { policy: { onAmbiguous: "hold" } })],
    ["after a webhook", repeated(ambiguous, {}, [webhook("sent", 1500)])],
  ])("finds a needless retry %s", (_, facts) => {
    expect(rulesBroken(facts)).toEqual(["no needless repeat"]);
  });

  it("finds a retry after an acceptance, with an attempt between them that was not sent", () => {
    const attempts = [attempt(1, accepted), attempt(2, { kind: "NotSent", final: false }), attempt(3, accepted)];
    const oracle = [requested(1), answered(1), requested(3), answered(3)];
    expect(rulesBroken({ ...sound, oracle, messages: [message({ attempts })] })).toEqual(["no needless repeat"]);
  });

  it("allows a retry after webhooks that reported only a failure", () => {
    expect(check(repeated(ambiguous, {}, [webhook("failed", 1500)]))).toEqual([]);
  });

  it("finds a retry after an attempt that was accepted and failed, unless an operator requested it", () => {
    const between = [webhook("sent", 1400), webhook("failed", 1500)];
    const facts = repeated(ambiguous, {}, between);
    expect(rulesBroken(shownAs(facts, { wamid: "wamid.2" }))).toEqual(["no needless repeat"]);
    const resends = [{ at: new Date(1600).toISOString(), earlierAttempts: 1 }];
    expect(check(shownAs(repeated(ambiguous, { resends }, between), { wamid: "wamid.2" }))).toEqual([]);
  });

  it("allows a requested retry if WhatsApp reports only afterwards that it had accepted the failed attempt", () => {
    const resends = [{ at: new Date(1600).toISOString(), earlierAttempts: 1 }];
    const late = (status: ProviderStatus) =>
      repeated(ambiguous, { resends }, [webhook("failed", 1500), webhook(status, 1700)]);
    expect(rulesBroken(shownAs(late("sent"), { wamid: "wamid.2" }))).toEqual([]);
    expect(rulesBroken(late("delivered"))).toContain("no needless repeat");
  });

  it("finds an attempt that was submitted twice", () => {
    const oracle = [requested(1), answered(1, 500), requested(2, { attempt: 1 }), answered(2)];
    const messages = [message({ attempts: [attempt(1, { kind: "Accepted", wamid: "wamid.2" })] })];
    expect(rulesBroken(shownAs({ ...sound, oracle, messages }, { wamid: "wamid.2" }))).toEqual(["no needless repeat"]);
  });

  it("finds a second extra request for changed credentials", () => {
    const refused = { kind: "CredentialRefused" };
    const last = { kind: "Accepted", wamid: "wamid.4" };
    const facts: Facts = {
      ...sound,
      oracle: [1, 2, 3, 4].flatMap((number) => [requested(number), answered(number, number < 4 ? 401 : 200)]),
      messages: [
        message({ attempts: [attempt(1, refused), attempt(2, refused), attempt(3, refused), attempt(4, last)] }),
      ],
    };
    expect(rulesBroken(shownAs(facts, { wamid: "wamid.4" }))).toEqual(["no needless repeat"]);
  });

  it("finds a webhook that was answered with 200 and lost", () => {
    expect(rulesBroken({ ...sound, oracle: [...sound.oracle, webhook("sent", 2000)] })).toEqual(["evidence is kept"]);
  });

  it.each<[string, Facts["accounts"]["history"], Partial<StoredMessage>]>([
    ["lacks what was sent", [], {}],
    ["has a message twice", [1, 2].map((version) => ({ message_id: "m", version, status: "sent" })), {}],
    [
      "was not corrected",
      [{ message_id: "m", version: 2, status: "sent" }],
      { attempts: [attempt(1, accepted, "failed")] },
    ],
    ["has not been told that a message is unknown", [{ message_id: "m", version: 2, status: "sent" }], unsettled],
    ["has a message that was not sent", sound.accounts.history, { attempts: [], conclusion: { as: "interrupted" } }],
    ["is ahead of the message", [{ message_id: "m", version: 3, status: "sent" }], {}],
  ])("finds a conversation that %s", (_, history, given) => {
    const isSent = given.attempts?.length !== 0;
    const facts: Facts = {
      ...sound,
      oracle: isSent ? sound.oracle : [],
      clients: [],
      messages: [message(given)],
      accounts: { used: { [tenantId]: isSent ? 1 : 0 }, history },
    };
    expect(rulesBroken(facts)).toEqual(["history agrees"]);
  });

  it.each([0, 2])("finds a wrong count of units: %i used and 1 held", (used) => {
    const accounts = { ...sound.accounts, used: { [tenantId]: used } };
    expect(rulesBroken({ ...sound, accounts })).toEqual(["units agree"]);
  });

  it("finds a quota block that was left open", () => {
    expect(rulesBroken({ ...sound, openBlocks: [{ id: "block" }] })).toEqual(["units agree"]);
  });

  it("finds a 200 for a message that was never accepted", () => {
    const facts: Facts = {
      ...sound,
      oracle: [requested(1), answered(1, 400)],
      messages: [message({ attempts: [attempt(1, { kind: "Refused", final: true })], conclusion: { as: "refused" } })],
      clients: sound.clients.filter(({ kind }) => kind !== "shown"),
      accounts: { used: { [tenantId]: 0 }, history: [] },
    };
    expect(rulesBroken(facts)).toEqual(["answers hold"]);
  });

  it('finds a "failed" for a message that was accepted', () => {
    const clients: Facts["clients"] = [
      { at: 1005, kind: "answered", call: "call", status: 500, messageId: "m", messageStatus: "failed" },
    ];
    expect(rulesBroken({ ...sound, clients })).toEqual(["answers hold"]);
  });

  it.each<[string, OracleEvent[], StoredAttempt]>([
    [
      "answered with an error but sent the message",
      [{ ...answered(1, 500), wamid: "wamid.1" } as OracleEvent],
      attempt(1, { kind: "Refused", final: false }),
    ],
    ["reported only a failure", [dropped(1), webhook("failed", 1500)], attempt(1, ambiguous, "failed")],
  ])("allows another message under a key after WhatsApp %s", (_, events, first) => {
    const facts: Facts = {
      ...sound,
      oracle: [requested(1), ...events, requested(2, { id: "n", attempt: 1 }), answered(2)],
      messages: [
        message({ attempts: [first], conclusion: { as: "interrupted" } }),
        message({ id: "n", attempts: [attempt(1, { kind: "Accepted", wamid: "wamid.2" })] }),
      ],
      clients: sound.clients.flatMap((event) => ("messageId" in event && event.messageId !== undefined ? [] : [event])),
      accounts: { ...sound.accounts, history: [{ message_id: "n", version: 2, status: "sent" }] },
    };
    expect(check(facts)).toEqual([]);
  });

  it("finds two messages that were sent under one key", () => {
    const facts: Facts = {
      ...sound,
      oracle: [...sound.oracle, requested(2, { id: "n", attempt: 1 }), answered(2)],
      messages: [message(), message({ id: "n" })],
      accounts: {
        used: { [tenantId]: 2 },
        history: ["m", "n"].map((message_id) => ({ message_id, version: 2, status: "sent" })),
      },
    };
    expect(rulesBroken(facts)).toEqual(["keys send once"]);
  });

  it.each<[string, OracleEvent[], boolean]>([
    ["two acceptances", [requested(1), answered(1), requested(2), answered(2)], false],
    [
      "two that webhooks proved",
      [requested(1), dropped(1), webhook("sent", 1900), requested(2), dropped(2), webhook("delivered", 2900, 2)],
      true,
    ],
  ])("finds a message that is not marked as a possible duplicate: %s", (_, oracle, areLost) => {
    const facts: Facts = {
      ...sound,
      oracle,
      messages: [
        message({
          attempts: areLost
            ? [attempt(1, ambiguous, "sent"), attempt(2, ambiguous, "delivered")]
            : [attempt(1, accepted), attempt(2, { kind: "Accepted", wamid: "wamid.2" })],
        }),
      ],
      clients: [{ at: 9000, kind: "shown", messageId: "m", status: areLost ? "delivered" : "sent" }],
    };
    expect(rulesBroken(facts)).toContain("duplicates are marked");
    const marked = facts.clients.map((event) => ({ ...event, possibleDuplicate: true }));
    expect(rulesBroken({ ...facts, clients: marked })).not.toContain("duplicates are marked");
  });

  it("finds a proven attempt that stays in flight", () => {
    const facts: Facts = {
      ...sound,
      oracle: [requested(1), dropped(1), webhook("sent", 2000)],
      messages: [message({ attempts: [attempt(1, undefined, "sent")] })],
    };
    expect(rulesBroken(facts)).toEqual(["all ended"]);
  });

  it.each<[string, string, string]>([
    ["the failure of another attempt", "failed", "wamid.1"],
    ["the id of another attempt", "sent", "wamid.1"],
    ["a later status than any attempt has", "delivered", "wamid.2"],
  ])("finds a message that is shown with %s", (_, status, wamid) => {
    const refused = { kind: "Refused", final: false };
    const facts: Facts = {
      ...sound,
      oracle: [
        requested(1),
        { ...answered(1, 500), wamid: "wamid.1" } as OracleEvent,
        requested(2),
        answered(2),
        webhook("failed", 3000),
      ],
      messages: [
        message({ attempts: [attempt(1, refused, "failed"), attempt(2, { kind: "Accepted", wamid: "wamid.2" })] }),
      ],
    };
    expect(check(shownAs(facts, { wamid: "wamid.2" }))).toEqual([]);
    expect(rulesBroken(shownAs(facts, { status, wamid }))).toContain("one attempt decides");
  });

  it.each<[string, Facts["clients"][number]]>([
    ["408", { at: 1003, kind: "answered", call: "call", trace: "abc", status: 408 }],
    ["400", { at: 1003, kind: "answered", call: "call", trace: "abc", status: 400 }],
    ["431", { at: 1003, kind: "answered", call: "call", trace: "abc", status: 431 }],
    ["a reset while the server lived", { at: 1003, kind: "lost", call: "call", trace: "abc", how: "reset" }],
  ])("finds a message that was sent although its client got %s", (_, event) => {
    const asked: Facts["clients"][number] = {
      at: 1000,
      kind: "asked",
      call: "call",
      trace: "abc",
      tenantId,
      by: "http",
    };
    const facts: Facts = {
      ...sound,
      messages: [message({ request: { outlet: { tenantId }, reference: "call", traceparent: "00-abc-def-01" } })],
      clients: [asked, event],
    };
    expect(rulesBroken(facts)).toEqual(["errors at the connection"]);
    const others = {
      ...facts,
      clients: [
        { ...asked, trace: "other" },
        { ...event, trace: "other" },
      ] as Facts["clients"],
    };
    expect(check(others)).toEqual([]);
  });

  it("allows a reset when the server is killed, and a client that times out", () => {
    const messages = [message({ request: { outlet: { tenantId }, traceparent: "00-abc-def-01" } })];
    const asked: Facts["clients"][number] = {
      at: 1000,
      kind: "asked",
      call: "call",
      trace: "abc",
      tenantId,
      by: "http",
    };
    const lost = (how: "reset" | "timeout"): Facts["clients"][number] => {
      return { at: 1003, kind: "lost", call: "call", trace: "abc", how };
    };
    expect(check({ ...sound, messages, clients: [asked, lost("reset"), { at: 1400, kind: "down" }] })).toEqual([]);
    expect(check({ ...sound, messages, clients: [asked, lost("timeout")] })).toEqual([]);
  });
});
