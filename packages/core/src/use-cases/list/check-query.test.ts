import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { encodeCursor } from "../../codecs/cursor.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";

type Query = "list" | "webhooks" | "forwardWebhooks" | "usage";

const sender = createMessageSender({ ...createTestPorts(), webhookForwarding: { forward: () => okAsync(undefined) } });

/** A caller without types may pass anything. */
async function problemsOf(name: Query, query: unknown) {
  const ask = sender[name] as (given: unknown) => ReturnType<MessageSender[Query]>;
  const error = (await ask(query))._unsafeUnwrapErr();
  expect(error.kind).toBe("InvalidQuery");
  const { problems = [] } = error as { problems?: readonly { path: readonly PropertyKey[]; detail: string }[] };
  return problems.map(({ path, detail }) => `${path.join(".")}: ${detail}`);
}

const noDate: unknown = Object.create(Date.prototype);
const all: readonly Query[] = ["list", "webhooks", "forwardWebhooks", "usage"];
const pages: readonly Query[] = ["list", "webhooks"];

describe.each(all)("the query of %s", (name) => {
  it.each([null, 5, "", "abc", true, [], [{}], () => undefined, new Date(0), Symbol("query")])(
    "must be an object, unlike %o",
    async (query) => expect(await problemsOf(name, query)).toEqual([": must be an object"]),
  );

  it("has no unknown field, except one without a value", async () => {
    const unknown = JSON.parse('{"tenant_id":"a","__proto__":1,"toString":2}') as object;
    expect(await problemsOf(name, unknown)).toEqual(
      ["tenant_id", "__proto__", "toString"].map((field) => `${field}: is not known`),
    );
    expect((await sender[name]({ unknown: undefined } as object)).isOk()).toBe(true);
  });

  it.each(["2026-01-01", 0, null, {}, noDate, new Date(Number.NaN)])(
    "has times that are Dates, unlike %o",
    async (time) => {
      expect(await problemsOf(name, { since: time })).toEqual(["since: must be a valid Date"]);
      expect(await problemsOf(name, { until: time })).toEqual(["until: must be a valid Date"]);
    },
  );

  it("has an end that is later than its beginning", async () => {
    const now = new Date();
    for (const until of [now, new Date(now.getTime() - 1)]) {
      expect(await problemsOf(name, { since: now, until })).toEqual(["until: must be later than `since`"]);
    }
  });
});

it.each(pages)("a page of %s has a whole number of 1 to 100 entries", async (name) => {
  for (const limit of [1.5, Number.NaN, 0, -1, 101, Infinity, "5", null, 5n]) {
    expect(await problemsOf(name, { limit }), String(limit)).toEqual(["limit: must be a whole number from 1 to 100"]);
  }
  expect((await sender[name]({ limit: 100 })).isOk()).toBe(true);
});

it.each(["list", "webhooks", "forwardWebhooks"] as const)(
  "the times of %s are not too early for a store",
  async (name) => {
    const since = new Date(-8.64e15);
    expect(await problemsOf(name, { since })).toEqual(["since: must not be before the year 0"]);
    expect((await sender[name]({ since: new Date("0000-01-01"), until: new Date(8.64e15) })).isOk()).toBe(true);
  },
);

it.each(pages)("a cursor of %s comes from the page before", async (name) => {
  for (const cursor of [5, null, {}, "", "abc"]) {
    expect(await problemsOf(name, { cursor })).toEqual(["cursor: must come from the page before, of the same list"]);
  }
});

it("a made-up cursor of webhooks has no key that a store cannot have", async () => {
  const cursor = encodeCursor("webhooks {}", { at: new Date(0), key: "a\0" });
  expect(await problemsOf("webhooks", { cursor })).toHaveLength(1);
});

it("forwarding takes no page, and `again` is a boolean", async () => {
  expect(await problemsOf("forwardWebhooks", { limit: 5, cursor: "a" })).toHaveLength(2);
  for (const again of ["false", 1, null]) {
    expect(await problemsOf("forwardWebhooks", { again })).toEqual(["again: must be true or false"]);
  }
});

it.each(["list", "usage"] as const)("the tenants of %s are identifiers", async (name) => {
  for (const tenantId of [5, {}, null, [Symbol("a")], Array(1), [["a"]]]) {
    const fields = (await problemsOf(name, { tenantId, ...(name === "list" && { idempotencyKey: "a" }) })).map(
      (problem) => problem.split(":")[0],
    );
    expect(fields).toEqual(name === "list" ? ["tenantId", "idempotencyKey"] : ["tenantId"]);
  }
});
