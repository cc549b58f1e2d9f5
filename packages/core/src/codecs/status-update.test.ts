import { describe, expect, it } from "vitest";

import { exampleFailure, exampleStatusUpdate, exampleTime, oddText } from "../contracts/fixtures.ts";
import { decodeStatusUpdate, encodeStatusUpdate } from "./status-update.ts";
import type { StatusUpdate } from "../domain/status-update.ts";

const full = exampleStatusUpdate();
const { wamid, phoneNumberId } = full;
const odd = `${oddText} \u0000 \uD800`;

const updates: Record<string, StatusUpdate> = {
  "with all that it can have": full,
  "with the least that it can have": { wamid, phoneNumberId, status: "sent", at: exampleTime },
  "with odd text": exampleStatusUpdate({ wamid: odd, callbackData: odd, failure: { ...exampleFailure, details: odd } }),
  "with an empty pricing": exampleStatusUpdate({ pricing: {} }),
};

describe("a status update through JSON", () => {
  it.each(Object.entries(updates))("%s is what it was", (_, update) => {
    expect(decodeStatusUpdate(encodeStatusUpdate(update))).toStrictEqual(update);
  });

  it.each(Object.entries(updates))("%s gives the same text whatever the order of its fields", (_, update) => {
    const reversed = Object.fromEntries(Object.entries(update).toReversed()) as unknown as StatusUpdate;
    expect(encodeStatusUpdate(reversed)).toBe(encodeStatusUpdate(update));
    expect(encodeStatusUpdate(decodeStatusUpdate(encodeStatusUpdate(update)))).toBe(encodeStatusUpdate(update));
  });

  it("gives another text for another update", () => {
    const others = [
      full,
      exampleStatusUpdate({ wamid: "wamid.other" }),
      exampleStatusUpdate({ phoneNumberId: "1" }),
      exampleStatusUpdate({ status: "read" }),
      exampleStatusUpdate({ at: new Date(exampleTime.getTime() + 1) }),
      exampleStatusUpdate({ failure: { ...exampleFailure, code: 1 } }),
      exampleStatusUpdate({ pricing: { billable: false } }),
      exampleStatusUpdate({ callbackData: "" }),
    ];
    expect(new Set(others.map(encodeStatusUpdate)).size).toBe(others.length);
  });
});
