import { describe, expect, it } from "vitest";

import { check } from "./checker.ts";
import type { OracleEvent, ProviderStatus } from "./events.ts";
import type { Facts } from "./facts.ts";
import type { StoredMessage, StoredOutcome } from "./stored-message.ts";

type StoredAttempt = StoredMessage["attempts"][number];

const tenantId = "tenant";
const accepted: StoredOutcome = { kind: "Accepted", wamid: "wamid.1" };
const ambiguous: StoredOutcome = { kind: "Ambiguous", sawSuccess: false };

function attempt(number: number, outcome?: StoredOutcome): StoredAttempt {
  return { number, startedAt: new Date(number * 1000).toISOString(), ...(outcome && { ended: { outcome } }) };
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
    providerStatuses: {},
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

function webhook(status: ProviderStatus, at: number): OracleEvent {
  return { at, kind: "webhook", callbackData: "ms1:m:1", wamid: "wamid.1", status, answered: 200 };
}

/** One message that was sent and told of, and nothing wrong with it. */
const sound: Facts = {
  oracle: [requested(1), answered(1)],
  clients: [
    { at: 1000, kind: "asked", call: "call", tenantId, by: "http", key: "key" },
    { at: 1005, kind: "answered", call: "call", status: 200, messageId: "m", messageStatus: "sent" },
    { at: 9000, kind: "shown", messageId: "m", status: "sent" },
  ],
  messages: [message()],
  openBlocks: [],
  accounts: { used: { [tenantId]: 1 }, history: [{ message_id: "m", version: 2, status: "sent" }] },
};

/** Sent by its second request; `first` is how the first ended. */
function repeated(first: StoredOutcome, given: Partial<StoredMessage> = {}, between: OracleEvent[] = []): Facts {
  const attempts = [attempt(1, first), attempt(2, { kind: "Accepted", wamid: "wamid.2" })];
  const firstAnswer = first.kind === "Accepted" ? answered(1) : answered(1, 503);
  return {
    ...sound,
    oracle: [requested(1), firstAnswer, ...between, requested(2), answered(2)],
    messages: [message({ attempts, ...given })],
  };
}

function rulesBroken(facts: Facts): string[] {
  return [...new Set(check(facts).map(({ rule }) => rule))];
}

describe("the checker", () => {
  it("finds nothing wrong with a sound run", () => {
    expect(check(sound)).toEqual([]);
  });

  it.each<[string, StoredOutcome]>([
    ["throttled", { kind: "Throttled" }],
    ["refused for now", { kind: "Refused", final: false }],
    ["not sent", { kind: "NotSent", final: false }],
    ["refused with its credentials", { kind: "CredentialRefused" }],
    ["ambiguous", ambiguous],
  ])("allows a repeat after one that was %s", (_, first) => {
    expect(check(repeated(first))).toEqual([]);
  });

  it("allows a repeat that an operator asked for", () => {
    const liftedConclusions = [{ as: "held", liftedAt: new Date(1500).toISOString() }];
    expect(check(repeated(ambiguous, { policy: { onAmbiguous: "hold" }, liftedConclusions }))).toEqual([]);
  });

  it("finds a message that was told of and is gone", () => {
    const facts = { ...sound, messages: [], accounts: { used: {}, history: [] } };
    expect(rulesBroken(facts)).toEqual(["told of exist"]);
  });

  it("finds a message that WhatsApp was asked to send and nobody knows", () => {
    const oracle = [...sound.oracle, requested(2, { id: "stranger", attempt: 1 }), answered(2, 400)];
    expect(rulesBroken({ ...sound, oracle })).toEqual(["told of exist"]);
  });

  it("finds a message that has no end", () => {
    const facts: Facts = {
      ...sound,
      oracle: [requested(1)],
      clients: [],
      messages: [message({ attempts: [attempt(1)] })],
      accounts: { ...sound.accounts, history: [] },
    };
    expect(rulesBroken(facts)).toEqual(["all ended"]);
  });

  it("finds a status that the facts do not bear out", () => {
    const clients: Facts["clients"] = [{ at: 9000, kind: "shown", messageId: "m", status: "delivered" }];
    expect(rulesBroken({ ...sound, clients })).toEqual(["all ended"]);
  });

  it.each<[string, Facts]>([
    ["after an acceptance", repeated(accepted)],
    ["after a final refusal", repeated({ kind: "Refused", final: true })],
    ["after a success that could not be read", repeated({ kind: "Ambiguous", sawSuccess: true })],
    ["after an ambiguity that is to be held", repeated(ambiguous, { policy: { onAmbiguous: "hold" } })],
    ["after a webhook", repeated(ambiguous, { providerStatuses: { sent: "x" } }, [webhook("sent", 1500)])],
  ])("finds a repeat %s", (_, facts) => {
    expect(rulesBroken(facts)).toEqual(["no needless repeat"]);
  });

  it("finds a repeat after an acceptance with one between them that never left", () => {
    const attempts = [attempt(1, accepted), attempt(2, { kind: "NotSent", final: false }), attempt(3, accepted)];
    const oracle = [requested(1), answered(1), requested(3), answered(3)];
    expect(rulesBroken({ ...sound, oracle, messages: [message({ attempts })] })).toEqual(["no needless repeat"]);
  });

  it("finds an attempt that came twice", () => {
    const oracle = [requested(1), answered(1, 500), requested(2, { attempt: 1 }), answered(2)];
    expect(rulesBroken({ ...sound, oracle })).toEqual(["no needless repeat"]);
  });

  it("finds a second extra request for changed credentials", () => {
    const refused = { kind: "CredentialRefused" };
    const facts: Facts = {
      ...sound,
      oracle: [1, 2, 3, 4].flatMap((number) => [requested(number), answered(number, number < 4 ? 401 : 200)]),
      messages: [
        message({ attempts: [attempt(1, refused), attempt(2, refused), attempt(3, refused), attempt(4, accepted)] }),
      ],
    };
    expect(rulesBroken(facts)).toEqual(["no needless repeat"]);
  });

  it("finds a webhook that was taken and forgotten", () => {
    expect(rulesBroken({ ...sound, oracle: [...sound.oracle, webhook("sent", 2000)] })).toEqual(["evidence is kept"]);
  });

  it.each<[string, Facts["accounts"]["history"], Partial<StoredMessage>]>([
    ["lacks what was sent", [], {}],
    ["has a message twice", [1, 2].map((version) => ({ message_id: "m", version, status: "sent" })), {}],
    ["was not corrected", [{ message_id: "m", version: 2, status: "sent" }], { providerStatuses: { failed: "x" } }],
    ["has what was not sent", sound.accounts.history, { attempts: [], conclusion: { as: "interrupted" } }],
    ["is ahead of the message", [{ message_id: "m", version: 3, status: "sent" }], {}],
  ])("finds a conversation that %s", (_, history, given) => {
    const isSent = given.attempts === undefined;
    const facts: Facts = {
      ...sound,
      oracle: isSent ? sound.oracle : [],
      clients: [],
      messages: [message(given)],
      accounts: { used: { [tenantId]: isSent ? 1 : 0 }, history },
    };
    expect(rulesBroken(facts)).toEqual(["history agrees"]);
  });

  it.each([0, 2])("finds units that do not add up: %i used and 1 held", (used) => {
    const accounts = { ...sound.accounts, used: { [tenantId]: used } };
    expect(rulesBroken({ ...sound, accounts })).toEqual(["units agree"]);
  });

  it("finds a block that was left open", () => {
    expect(rulesBroken({ ...sound, openBlocks: [{ id: "block" }] })).toEqual(["units agree"]);
  });

  it("finds a 200 for what was never accepted", () => {
    const facts: Facts = {
      ...sound,
      oracle: [requested(1), answered(1, 400)],
      messages: [message({ attempts: [attempt(1, { kind: "Refused", final: true })], conclusion: { as: "refused" } })],
      clients: sound.clients.filter(({ kind }) => kind !== "shown"),
      accounts: { used: { [tenantId]: 0 }, history: [] },
    };
    expect(rulesBroken(facts)).toEqual(["answers hold"]);
  });

  it('finds a "failed" for what was accepted', () => {
    const clients: Facts["clients"] = [
      { at: 1005, kind: "answered", call: "call", status: 500, messageId: "m", messageStatus: "failed" },
    ];
    expect(rulesBroken({ ...sound, clients })).toEqual(["answers hold"]);
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
});
