import { describe, expect, it } from "vitest";

import { durabilityOf } from "./durability.ts";

const durable = {
  synchronousCommit: "on",
  fsync: true,
  fullPageWrites: true,
  synchronousStandbys: "",
  standbys: { connected: 0, synchronous: 0 },
};

const found = (change: Partial<typeof durable>) =>
  durabilityOf({ ...durable, ...change })
    .filter(({ problem }) => problem !== undefined)
    .map(({ isWarning, problem }) => `${isWarning ? "WARN" : "FAIL"} ${problem}`);
const said = (change: Partial<typeof durable>) => durabilityOf({ ...durable, ...change }).map(({ name }) => name);

describe("the durability of PostgreSQL", () => {
  it("is fine with its defaults, and with as many synchronous standbys as are needed", () => {
    expect(found({})).toEqual([]);
    expect(found({ synchronousStandbys: "ANY 2 (a, b, c)", standbys: { connected: 3, synchronous: 2 } })).toEqual([]);
  });

  it("is said", () => {
    expect(said({ synchronousCommit: "remote_apply" })).toEqual([
      "commits of PostgreSQL: synchronous_commit = remote_apply, fsync = on, full_page_writes = on",
      "replication of PostgreSQL: no standbys",
    ]);
    expect(said({ synchronousStandbys: "ANY 2 (a, b, c)", standbys: { connected: 3, synchronous: 3 } })).toContain(
      "replication of PostgreSQL: commits wait for 2 of ANY 2 (a, b, c); 3 connected",
    );
    const { standbys: _, ...unseen } = durable;
    expect(durabilityOf({ ...unseen, synchronousStandbys: "a" })[1]).toEqual({
      name: expect.stringMatching(/commits wait for a standby of a; this user may not see which are connected/),
      problem: undefined,
    });
  });

  it.each([
    [{ fsync: false }, "FAIL fsync is off"],
    [{ synchronousCommit: "off" }, "FAIL synchronous_commit is off"],
    [{ fullPageWrites: false }, "WARN full_page_writes is off"],
    [{ standbys: { connected: 1, synchronous: 0 } }, "WARN its standby is asynchronous: a failover loses"],
    [{ standbys: { connected: 2, synchronous: 0 } }, "WARN its 2 standbys are asynchronous"],
  ])("%j", (change, problem) => {
    expect(found(change)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ["a, b", 0, "FAIL commits wait for a standby of a, b, but none is connected: nothing is accepted"],
    ["FIRST 1 (a)", 0, "FAIL commits wait for a standby of FIRST 1 (a), but none is connected"],
    ["ANY 2 (a, b, c)", 1, "FAIL commits wait for 2 standbys of ANY 2 (a, b, c), but only 1 is connected"],
    ["2 (a, b)", 1, "FAIL commits wait for 2 standbys"],
    ["*", 0, "FAIL commits wait for a standby of *"],
  ])("commits that wait for %s, of which %i is connected", (synchronousStandbys, synchronous, problem) => {
    expect(found({ synchronousStandbys, standbys: { connected: 2, synchronous } })).toEqual([
      expect.stringContaining(problem),
    ]);
  });
});
