import { errAsync, ok, okAsync, ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import { createTestPorts } from "../../in-memory/index.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { createMessageSender } from "../message-sender.ts";

const full: Unavailable = { kind: "Unavailable", reason: "the disk is full" };

/** A sender on a store that can be read, and takes commits as `check` says. */
function senderOn(check: () => ResultAsync<void, Unavailable>) {
  const ports = createTestPorts();
  let commits = 0;
  const health = {
    check: () => {
      commits += 1;
      return check();
    },
  };
  return { sender: createMessageSender({ ...ports, health }), clock: ports.clock, commits: () => commits };
}

it("is not ready while its store takes no commit, although it can be read", async () => {
  let answer: ResultAsync<void, Unavailable> = errAsync(full);
  const { sender } = senderOn(() => answer);
  expect((await sender.check())._unsafeUnwrapErr()).toEqual(full);
  answer = okAsync(undefined);
  expect((await sender.check()).isOk()).toBe(true);
});

it("costs one commit, however many calls ask at once and soon after", async () => {
  const { sender, clock, commits } = senderOn(() => okAsync(undefined));
  const answers = await Promise.all(Array.from({ length: 100 }, () => sender.check()));
  expect(answers.every((answer) => answer.isOk())).toBe(true);
  await clock.advance(499);
  expect((await sender.check()).isOk()).toBe(true);
  expect(commits()).toBe(1);
  await clock.advance(1);
  expect((await sender.check()).isOk()).toBe(true);
  expect(commits()).toBe(2);
});

it("does not wait for a store that hangs, and asks it once", async () => {
  let settle: () => void = () => {};
  const { sender, clock, commits } = senderOn(
    () => new ResultAsync(new Promise((resolve) => (settle = () => resolve(ok())))),
  );
  const waiting = sender.check();
  await clock.advance(3000);
  expect((await waiting)._unsafeUnwrapErr().reason).toContain("three seconds");
  expect((await sender.check()).isErr()).toBe(true);
  expect(commits()).toBe(1);
  settle();
  await expect.poll(async () => (await sender.check()).isOk()).toBe(true);
});

it("is not ready for long once commits fail", async () => {
  let answer: ResultAsync<void, Unavailable> = okAsync(undefined);
  const { sender, clock } = senderOn(() => answer);
  expect((await sender.check()).isOk()).toBe(true);
  answer = errAsync(full);
  await clock.advance(500);
  expect((await sender.check()).isErr()).toBe(true);
});
