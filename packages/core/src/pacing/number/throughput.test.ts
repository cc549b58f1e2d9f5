import { describe, expect, it } from "vitest";

import { createTraffic, type Left, mostWithin } from "../../../test/traffic.ts";

const most = (left: readonly Left[]): number =>
  mostWithin(
    1000,
    left.map(({ at }) => at),
  );

describe("a number keeps to the figure of its credential", () => {
  it.each([1, 20, 250, 1000])("%d a second", async (numberPerSecond) => {
    const { sendMany, leaving, left } = createTraffic({ permits: 8000 });
    sendMany(3 * numberPerSecond, { numberPerSecond });
    expect(await leaving(0)).toHaveLength(numberPerSecond);
    await leaving(10_000);
    expect(left).toHaveLength(3 * numberPerSecond);
    expect(most(left)).toBe(numberPerSecond);
  });

  it("from the next message on, where it rises or falls, and counts what was sent before", async () => {
    const { sendMany, leaving, left } = createTraffic({ permits: 8000 });
    sendMany(20, { numberPerSecond: 20 });
    sendMany(30, { numberPerSecond: 1000 });
    expect(await leaving(0)).toHaveLength(50);
    sendMany(20, { numberPerSecond: 20 });
    expect(await leaving(1000)).toHaveLength(0);
    await leaving(10_000);
    expect(left).toHaveLength(70);
    expect(most(left.slice(50))).toBeLessThanOrEqual(20);
  });

  it("and to its own default again when the credential says nothing any more", async () => {
    const { send, sendMany, leaving } = createTraffic({ numberPerSecond: 5 });
    send({ numberPerSecond: 20 });
    await leaving(2000);
    sendMany(20);
    expect(await leaving(0)).toHaveLength(5);
  });

  it("and ignores a figure that is none", async () => {
    const { sendMany, leaving } = createTraffic({ numberPerSecond: 5 });
    for (const odd of [0, -1, 1.5, 1e9, Number.NaN, Infinity, "20"]) sendMany(2, { numberPerSecond: odd as number });
    expect(await leaving(0)).toHaveLength(5);
  });
});

describe("two outlets on one number", () => {
  it("keep to the lower of two figures, whoever sends", async () => {
    const { sendMany, leaving, left } = createTraffic({ permits: 8000 });
    const one = { outletId: "outlet-1", numberPerSecond: 20 };
    const other = { outletId: "outlet-2", numberPerSecond: 1000 };
    for (let turn = 0; turn < 5; turn += 1) {
      sendMany(10, one);
      sendMany(10, other);
    }
    await leaving(20_000);
    expect(left).toHaveLength(100);
    expect(most(left)).toBe(20);
  });

  it("keep to the only figure", async () => {
    const { sendMany, leaving } = createTraffic();
    sendMany(1, { outletId: "outlet-1", numberPerSecond: 20 });
    sendMany(100, { outletId: "outlet-2" });
    expect(await leaving(0)).toHaveLength(20);
  });

  it("keep to the higher figure once the lower one has changed, or was not used for five minutes", async () => {
    const { send, sendMany, leaving } = createTraffic({ permits: 8000 });
    const other = { outletId: "outlet-2", numberPerSecond: 1000 };
    send({ outletId: "outlet-1", numberPerSecond: 20 });
    send({ outletId: "outlet-1", numberPerSecond: 1000 });
    sendMany(200, other);
    expect(await leaving(0)).toHaveLength(202);
    send({ outletId: "outlet-1", numberPerSecond: 20 });
    for (let minute = 0; minute < 7; minute += 1) {
      send(other);
      await leaving(60_000);
    }
    sendMany(200, other);
    expect(await leaving(0)).toHaveLength(200);
  });
});

it("a figure that is known of the number counts where no credential has one, and changes with it", async () => {
  const known = new Map([["number-1", 1000]]);
  const { sendMany, leaving } = createTraffic({ permits: 8000, throughputOf: (id) => known.get(id) });
  sendMany(100);
  expect(await leaving(0)).toHaveLength(100);
  sendMany(100, { phoneNumberId: "number-2" });
  expect(await leaving(0)).toHaveLength(80);
  sendMany(100, { phoneNumberId: "number-3", numberPerSecond: 20 });
  expect(await leaving(0)).toHaveLength(20);
  await leaving(10_000);
  known.set("number-1", 80);
  sendMany(100);
  expect(await leaving(0)).toHaveLength(80);
});

it("a process without rates has none", async () => {
  const { sendMany, leaving } = createTraffic({ rates: false });
  sendMany(100, { numberPerSecond: 1 });
  expect(await leaving(0)).toHaveLength(100);
});
