import { describe, expect, it } from "vitest";

import type { OracleEvent } from "../events.ts";
import type { Facts } from "../facts.ts";
import type { StoredMessage } from "../stored-message.ts";
import { callbacksTellAll } from "./callbacks-tell-all.ts";

type Callback = Extract<OracleEvent, { kind: "callback" }>;

const message: StoredMessage = {
  id: "m",
  version: 3,
  mode: "waiting",
  acceptedAt: new Date(900).toISOString(),
  request: { outlet: { tenantId: "tenant" } },
  policy: { onAmbiguous: "resend" },
  attempts: [
    { number: 1, startedAt: new Date(1000).toISOString(), ended: { outcome: { kind: "Accepted", wamid: "wamid.1" } } },
  ],
};

function callback(version: number, given: Partial<Callback> = {}): Callback {
  const status = ["queued", "sending", "sent"][version - 1] ?? "";
  const id = `${given.messageId ?? "m"}:${version}`;
  return { at: 0, kind: "callback", id, messageId: "m", version, status, isSigned: true, isTaken: true, ...given };
}

const refused = { isTaken: false };

function faults(...oracle: OracleEvent[]): string[] {
  const facts: Facts = {
    oracle,
    clients: [],
    messages: [message],
    openBlocks: [],
    accounts: { used: {}, history: [] },
  };
  return callbacksTellAll(facts).map(({ what }) => what);
}

describe("the rule of callbacks", () => {
  it("is kept by each version in its order, with repeats and refusals", () => {
    expect(faults(callback(1), callback(2), callback(3))).toEqual([]);
    expect(faults(callback(1), callback(2, refused), callback(2), callback(1), callback(3), callback(3))).toEqual([]);
  });

  it.each<[string, readonly OracleEvent[], string]>([
    ["none", [], "its version 3 was never taken"],
    ["the last one is missing", [callback(1), callback(2)], "its version 3 was never taken"],
    ["the last one was refused", [callback(1), callback(2), callback(3, refused)], "its version 3 was never taken"],
    ["one is left out", [callback(1), callback(3)], "version 3 came when 1 was the last one taken"],
    ["two changed places", [callback(2), callback(1), callback(3)], "version 2 came when 0 was the last one taken"],
    [
      "one came after a refused one",
      [callback(1), callback(2, refused), callback(3, refused), callback(2), callback(3)],
      "version 3 came when 1 was the last one taken",
    ],
    [
      "a signature is wrong",
      [callback(1), callback(2, { isSigned: false }), callback(3)],
      "the signature of version 2 is wrong",
    ],
    ["an id is wrong", [callback(1), callback(2, { id: "m:1" }), callback(3)], "version 2 has another id"],
    [
      "the last one says something else",
      [callback(1), callback(2), callback(3, { status: "failed" })],
      "is sent, but its last callback says failed",
    ],
    [
      "a stranger",
      [callback(1), callback(2), callback(3), callback(1, { messageId: "x" })],
      "the receiver was told of it, but it is not in the store",
    ],
  ])("is broken: %s", (_, oracle, what) => {
    expect(faults(...oracle).map((fault) => fault.replace(/^message \w: /, ""))).toContain(what);
  });
});
