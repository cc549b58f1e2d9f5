import { afterEach, describe, expect, it, vi } from "vitest";

import { describeIdsContract } from "../contracts/index.ts";
import { createSystemIds } from "./system-ids.ts";

describeIdsContract({ name: "system ids", setup: () => ({ ids: createSystemIds() }) });

describe("a system message id", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is a UUIDv7", () => {
    const ids = createSystemIds();
    for (let count = 0; count < 1000; count += 1) {
      expect(ids.messageId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("begins with the time", () => {
    vi.useFakeTimers({ now: 0x0123_4567_89ab, toFake: ["Date"] });
    expect(createSystemIds().messageId()).toMatch(/^01234567-89ab-7/);
  });

  it("is unique and in order among 100,000", () => {
    const ids = createSystemIds();
    const drawn = Array.from({ length: 100_000 }, () => ids.messageId());
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn.every((id, index) => index === 0 || (drawn[index - 1] ?? "") < id)).toBe(true);
  });

  it("stays in order when the counter overflows within a millisecond, and when the clock is set back", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const ids = createSystemIds();
    const drawn = Array.from({ length: 10_000 }, () => ids.messageId());
    vi.setSystemTime(1_600_000_000_000);
    drawn.push(ids.messageId());
    vi.setSystemTime(1_700_000_100_000);
    drawn.push(ids.messageId());
    expect(drawn.toSorted()).toEqual(drawn);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("differs between two sources in the same millisecond", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const [one, other] = [createSystemIds(), createSystemIds()];
    const drawn = Array.from({ length: 1000 }, () => [one.messageId(), other.messageId()]).flat();
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe("a system digest", () => {
  it("is SHA-256 in hexadecimal", () => {
    expect(createSystemIds().digest("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
