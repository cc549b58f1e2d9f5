import { describe, expect, it } from "vitest";

import { createTraffic, throttled } from "../../../test/traffic.ts";

describe("permits", () => {
  const slow = { takesMs: 10_000 };

  it("are never all taken by one number", async () => {
    const { sendMany, leaving } = createTraffic({ permits: 100, rates: false });
    sendMany(1000, slow);
    expect(await leaving(0)).toHaveLength(50);
    sendMany(20, { phoneNumberId: "number-2" });
    expect(await leaving(0)).toHaveLength(20);
  });

  it("are never all taken by a tenant with many numbers", async () => {
    const { send, sendMany, leaving } = createTraffic({ permits: 100, rates: false });
    for (let number = 0; number < 200; number += 1) send({ ...slow, phoneNumberId: `number-${number}` });
    expect(await leaving(0)).toHaveLength(75);
    sendMany(12, { tenantId: "tenant-2", phoneNumberId: "another", ...slow });
    expect(await leaving(0)).toHaveLength(12);
  });

  it("are one share per tenant, even while many others come and go", async () => {
    const { clock, send, sendMany, leaving } = createTraffic({ permits: 100, rates: false });
    send({ tenantId: "another", answer: throttled("app", { retryAfterMs: 5000 }) });
    await clock.advance(0);
    sendMany(60, slow);
    for (let tenant = 0; tenant < 50; tenant += 1) send({ tenantId: `other-${tenant}`, phoneNumberId: "other" });
    await leaving(1000);
    for (let number = 0; number < 200; number += 1) send({ ...slow, phoneNumberId: `number-${number + 2}` });
    expect(await leaving(5000)).toHaveLength(75);
  });

  it("rotate among the numbers when they are scarce", async () => {
    const { sendMany, leaving } = createTraffic({ permits: 2, rates: false });
    for (const phoneNumberId of ["a", "b"]) sendMany(30, { phoneNumberId, takesMs: 100 });
    sendMany(3, { phoneNumberId: "c", takesMs: 100 });
    const gone = await leaving(5000);
    expect(gone).toHaveLength(63);
    expect(gone.findLastIndex(({ rateKey }) => rateKey.phoneNumberId === "c")).toBeLessThan(12);
  });

  it("are not held by submissions that wait for their number or recipient", async () => {
    const { send, sendMany, leaving } = createTraffic({ permits: 20 });
    sendMany(50, { to: "+628123456789" });
    sendMany(500, { phoneNumberId: "number-2" });
    await leaving(1050);
    for (let number = 3; number < 23; number += 1)
      send({ tenantId: `tenant-${number}`, phoneNumberId: `number-${number}`, takesMs: 9000 });
    expect(await leaving(0)).toHaveLength(20);
  });
});
