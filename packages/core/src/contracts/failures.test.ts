import { errAsync, okAsync, type ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createManualClock, createRecordingTransport } from "../in-memory/index.ts";
import type { Quota } from "../ports/quota.ts";
import type { Contract, Subject } from "./contract.ts";
import { credentialsContract, quotaContract, transportContract } from "./index.ts";
import { endedWithin } from "./ended-within.ts";
import { brokenPromise } from "./results.ts";

/** How the suite says that a subject does not keep the promise of this name. */
async function failureOf<S extends Subject>(contract: Contract<S>, name: string, subject: S) {
  const { port, cases } = contract;
  const promise = cases.find((each) => each.name === name);
  if (!promise) throw new Error(`${port} has no promise "${name}"`);
  const adapter = "an adapter";
  const error: unknown = await promise.run(subject).then(
    () => undefined,
    (thrown: unknown) => brokenPromise(thrown, { port, adapter, name }),
  );
  return error as Error & { readonly expected: unknown; readonly actual: unknown };
}

const clock = createManualClock();
const arranging = { clock, advance: clock.advance, setLimit: () => {}, goAway: () => {}, set: () => {} };
const block = { id: "1", tenantId: "tenant-1", granted: 1, expiresAt: clock.now() };
const generous: Quota = { reserve: () => okAsync(block), settle: () => okAsync() };

describe("the failure of a contract says the promise, what was expected and what the adapter answered", () => {
  it.each<[string, string, string, unknown, unknown]>([
    [
      "where an error is due and the call succeeds",
      "For an unknown tenant the answer is `TenantUnknown`",
      "expected the error `TenantUnknown`, and the adapter answered with a success",
      { kind: "TenantUnknown" },
      block,
    ],
    [
      "where a quota never ends",
      "Where nothing is left the answer is `QuotaExceeded`",
      "the quota granted more than 100 blocks of 5 and never `QuotaExceeded`",
      undefined,
      undefined,
    ],
  ])("%s", async (_, name, message, expected, actual) => {
    const error = await failureOf(quotaContract, name, { ...arranging, quota: generous });
    expect(error.message).toBe(`an adapter breaks a promise of Quota: "${name}"\n${message}`);
    expect(error.stack).toContain(error.message);
    expect([error.expected, error.actual]).toEqual([expected, actual]);
  });

  it("if a success is expected and the call fails", async () => {
    const credentials = { lookup: () => errAsync({ kind: "OutletUnknown" } as const) };
    const error = await failureOf(credentialsContract, "Returns the outlet's present credential", {
      ...arranging,
      credentials,
    });
    expect(error.message).toMatch(/\nexpected a success, and the adapter answered with the error `OutletUnknown`$/);
    expect([error.expected, error.actual]).toEqual(["a success", { kind: "OutletUnknown" }]);
  });

  it("if the error is another one", async () => {
    const credentials = { lookup: () => errAsync({ kind: "OutletUnknown" } as const) };
    const error = await failureOf(credentialsContract, "where there is no other, the answer is `NoOtherCredential`", {
      ...arranging,
      credentials,
    });
    expect(error.message).toMatch(
      /\nexpected the error `NoOtherCredential`, and the adapter answered with the error `OutletUnknown`$/,
    );
    expect([error.expected, error.actual]).toEqual([{ kind: "NoOtherCredential" }, { kind: "OutletUnknown" }]);
  });

  it("if the outcome of a submission is another one", async () => {
    const subject = { clock, arrange: () => {}, received: () => [], transport: createRecordingTransport() };
    const error = await failureOf(transportContract, "A rate limit is `Throttled`, with whose limit it is", subject);
    expect(error.message).toMatch(
      /^an adapter breaks a promise of Transport: "A rate limit is `Throttled`, with whose limit it is"/,
    );
    expect(error.actual).toMatchObject({ kind: "Accepted" });
    expect(error.expected).toMatchObject({ kind: "Throttled" });
  });

  it("if a case never ends, with a likely reason", async () => {
    const never = new Promise<void>(() => {});
    await expect(endedWithin(1, never)).rejects.toThrow(
      /^the case did not end within 1 ms: the adapter never answered/,
    );
    await endedWithin(60_000, Promise.resolve());
    await expect(endedWithin(60_000, Promise.reject(new Error("its own")))).rejects.toThrow("its own");
  });

  it("if the answer is not a result", async () => {
    const reserve = () => Promise.resolve(block) as unknown as ResultAsync<typeof block, never>;
    const name = "Reserves 1 to `amount` units, to be used within about `ttlMs`";
    const error = await failureOf(quotaContract, name, { ...arranging, quota: { ...generous, reserve } });
    expect(error.message).toMatch(/\nexpected a `Result` of neverthrow; a port's methods return a `ResultAsync`/);
    expect(error.actual).toEqual(block);
  });
});
