import { exampleTime } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { useProcesses } from "../../test/stores.ts";
import type { PostgresStore } from "../index.ts";

const postgres = usePostgres();
const { openTwo } = useProcesses(postgres);

describe("two processes on one database", () => {
  it("take no more than the limit together, with 100 requests at once", async () => {
    const { first, second } = await openTwo();
    const take = async ({ quotaCounters }: PostgresStore, id: string) =>
      (
        await quotaCounters.take({ id, tenantId: "t", period: "day", startsAt: exampleTime, limit: 101, amount: 3 })
      )._unsafeUnwrap().granted;
    const granted = await Promise.all(
      Array.from({ length: 100 }, (_, index) => take(index % 2 ? first : second, `request-${index}`)),
    );
    expect(granted.reduce((sum, units) => sum + units)).toBe(101);
    expect(granted.filter((units) => units === 3)).toHaveLength(33);
  });

  it("take units once when both ask under one id", async () => {
    const { first, second } = await openTwo();
    const request = { id: "request-1", tenantId: "t", period: "day", startsAt: exampleTime, limit: 100, amount: 3 };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? first : second).quotaCounters.take(request)),
    );
    for (const answer of answers) expect(answer._unsafeUnwrap()).toEqual({ granted: 3, startsAt: exampleTime });
    const rest = await first.quotaCounters.take({ ...request, id: "request-2", amount: 100 });
    expect(rest._unsafeUnwrap().granted).toBe(97);
  });

  it("lose no unit that both give back at once", async () => {
    const { first, second } = await openTwo();
    const request = { tenantId: "t", period: "day", startsAt: exampleTime, limit: Number.MAX_SAFE_INTEGER };
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const id = `request-${index}`;
        (await first.quotaCounters.take({ ...request, id, amount: 10 }))._unsafeUnwrap();
        const settle = async (used: number) =>
          (await (used % 2 ? first : second).quotaCounters.settle(id, used))._unsafeUnwrap();
        await Promise.all([9, 8, 7, 6, 5, 4, 3, 2].map(settle));
        await settle(1);
      }),
    );
    const rest = await first.quotaCounters.take({ ...request, id: "rest", amount: Number.MAX_SAFE_INTEGER });
    expect(rest._unsafeUnwrap().granted).toBe(Number.MAX_SAFE_INTEGER - 20);
  });
});
