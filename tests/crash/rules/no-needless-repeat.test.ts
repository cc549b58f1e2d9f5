import { expect, it } from "vitest";

import type { OracleEvent, ProviderStatus } from "../events.ts";
import type { StoredMessage, StoredOutcome } from "../stored-message.ts";
import { noNeedlessRepeat } from "./no-needless-repeat.ts";

const time = (ms: number): string => new Date(ms).toISOString();
const accepted = (number: number): StoredOutcome => ({ kind: "Accepted", wamid: `wamid.${number}` });
const ambiguous: StoredOutcome = { kind: "Ambiguous", sawSuccess: false };
const resend = { resends: [{ at: time(1800), earlierAttempts: 1 }] };

/** Two attempts, at 1 s and 2 s; the second was accepted. */
function messageAfter(first: StoredOutcome | undefined, given: Partial<StoredMessage> = {}): StoredMessage {
  return {
    id: "m",
    version: 2,
    mode: "queued",
    acceptedAt: time(900),
    request: { outlet: { tenantId: "tenant" } },
    policy: { onAmbiguous: "resend" },
    attempts: [
      { number: 1, startedAt: time(1000), ...(first && { ended: { outcome: first } }) },
      { number: 2, startedAt: time(2000), ended: { outcome: accepted(2) } },
    ],
    ...given,
  };
}

function request(number: number, attempt = number): OracleEvent {
  return { at: number * 1000, kind: "request", request: number, callbackData: `ms1:m:${attempt}` };
}

const answer = (number: number, status: number): OracleEvent => ({
  at: number * 1000 + 1,
  kind: "answered",
  request: number,
  status,
  ...(status === 200 && { wamid: `wamid.${number}` }),
});
const lost: OracleEvent = { at: 1001, kind: "dropped", request: 1, wamid: "wamid.1" };
/** About the first attempt. `answered`: 0 if the server was killed before it answered. */
const webhook = (status: ProviderStatus, at: number, answered = 200): OracleEvent => ({
  at,
  kind: "webhook",
  callbackData: "ms1:m:1",
  wamid: "wamid.1",
  status,
  answered,
});

function faults(message: StoredMessage, ...first: readonly OracleEvent[]): readonly string[] {
  const facts = { clients: [], openBlocks: [], accounts: { used: {}, history: [] } };
  const oracle = [request(1), ...first, request(2), answer(2, 200)];
  return noNeedlessRepeat({ ...facts, oracle, messages: [message] }).map(({ what }) =>
    what.replace("message m, attempt 2: ", ""),
  );
}

it.each<[string, StoredOutcome, Partial<StoredMessage>, readonly OracleEvent[]]>([
  ["was throttled", { kind: "Throttled" }, {}, [answer(1, 429)]],
  ["was refused for now", { kind: "Refused", final: false }, {}, [answer(1, 500)]],
  ["was ambiguous", ambiguous, {}, [lost]],
  ["failed, and was resent by request", accepted(1), resend, [answer(1, 200), webhook("failed", 1500)]],
  [
    "was sent, then failed, and was resent",
    accepted(1),
    resend,
    [answer(1, 200), webhook("sent", 1400), webhook("failed", 1500)],
  ],
  [
    "failed by a webhook that a killed server may have recorded",
    accepted(1),
    resend,
    [answer(1, 200), webhook("sent", 1400), webhook("failed", 1500, 0)],
  ],
  ["is proven by a webhook that nobody answered", ambiguous, {}, [lost, webhook("sent", 1500, 0)]],
  ["is proven by a webhook that was refused", ambiguous, {}, [lost, webhook("sent", 1500, 503)]],
  ["is proven too late", ambiguous, {}, [lost, webhook("sent", 2500)]],
])("allows a repeat after an attempt that %s", (_, first, given, oracle) => {
  expect(faults(messageAfter(first, given), ...oracle)).toEqual([]);
});

it.each<[string, string, StoredOutcome | undefined, Partial<StoredMessage>, readonly OracleEvent[]]>([
  ["was accepted", "the outcome of the previous attempt was Accepted", accepted(1), {}, [answer(1, 200)]],
  [
    "was refused for good",
    "the outcome of the previous attempt was Refused",
    { kind: "Refused", final: true },
    {},
    [answer(1, 400)],
  ],
  [
    "was ambiguous under hold",
    "the outcome of the previous attempt was Ambiguous",
    ambiguous,
    { policy: { onAmbiguous: "hold" } },
    [lost],
  ],
  [
    "was accepted and is stored as throttled",
    "the previous attempt was accepted, but is stored as Throttled",
    { kind: "Throttled" },
    {},
    [answer(1, 200)],
  ],
  ["is not in the store", "the outcome of the previous attempt is not in the store", undefined, {}, [lost]],
  ["was proven", "a webhook had proven an earlier attempt", ambiguous, {}, [lost, webhook("sent", 1500)]],
  [
    "was delivered, whatever was resent",
    "a webhook had proven an earlier attempt",
    accepted(1),
    resend,
    [answer(1, 200), webhook("delivered", 1500), webhook("failed", 1600)],
  ],
])("finds a repeat after an attempt that %s", (_, fault, first, given, oracle) => {
  expect(faults(messageAfter(first, given), ...oracle)).toEqual([fault]);
});

it("finds an attempt that arrived twice, and one whose intent is not stored", () => {
  const message = messageAfter({ kind: "Throttled" });
  const facts = { clients: [], openBlocks: [], accounts: { used: {}, history: [] }, messages: [message] };
  const found = (...oracle: OracleEvent[]) => noNeedlessRepeat({ ...facts, oracle }).map(({ what }) => what);
  expect(found(request(1), answer(1, 429), request(2, 1), answer(2, 429))).toContain(
    "message m: attempt 1 arrived twice",
  );
  expect(found(request(1), answer(1, 429), request(2, 3), answer(2, 200))).toEqual([
    "message m, attempt 3: its intent is not in the store",
  ]);
});

it("takes the attempts in their order: a busy oracle reads one that timed out after the next", () => {
  const oracle = [request(2), answer(2, 200), { ...request(3, 1), at: 2500 }, answer(3, 200)];
  const facts = { clients: [], openBlocks: [], accounts: { used: {}, history: [] } };
  expect(noNeedlessRepeat({ ...facts, oracle, messages: [messageAfter(ambiguous)] })).toEqual([]);
  expect(noNeedlessRepeat({ ...facts, oracle, messages: [messageAfter(accepted(1))] })).toHaveLength(1);
});
