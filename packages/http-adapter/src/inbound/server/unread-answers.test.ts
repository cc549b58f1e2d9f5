import type { Socket } from "node:net";

import { describe, expect, it } from "vitest";

import { createUnreadAnswers } from "./unread-answers.ts";

/** A socket with `writableLength` bytes that the client has not read yet. */
function socketWith(writableLength: number, bytesWritten = writableLength) {
  const socket = { writableLength, bytesWritten, destroyed: false, destroy: () => void (socket.destroyed = true) };
  return socket;
}

type FakeSocket = ReturnType<typeof socketWith>;

function checksOf(limits: Parameters<typeof createUnreadAnswers>[0], sockets: readonly FakeSocket[]) {
  const unread = createUnreadAnswers(limits);
  return (times: number) => {
    for (let time = 0; time < times; time += 1) {
      unread.check(sockets.filter(({ destroyed }) => !destroyed) as unknown as Socket[]);
    }
    return sockets.map(({ destroyed }) => destroyed);
  };
}

describe("a client that reads nothing of its answer", () => {
  const limits = { mostChecks: 10, mostBytes: 1000 };

  it("is disconnected after ten checks", () => {
    const check = checksOf(limits, [socketWith(100), socketWith(0)]);
    expect(check(10)).toEqual([false, false]);
    expect(check(1)).toEqual([true, false]);
  });

  it("does not include one that reads a little", () => {
    const socket = socketWith(900);
    const check = checksOf(limits, [socket]);
    for (let time = 0; time < 50; time += 1) {
      check(9);
      socket.writableLength -= 1;
    }
    expect(check(9)).toEqual([false]);
  });

  it("is disconnected earlier if such answers are too large in total, the longest waiting first", () => {
    const sockets = [socketWith(400), socketWith(0), socketWith(500)];
    const check = checksOf(limits, sockets);
    check(3);
    Object.assign(sockets[1] ?? {}, { writableLength: 500, bytesWritten: 500 });
    expect(check(1)).toEqual([false, false, false]);
    expect(check(1)).toEqual([true, false, false]);
  });

  it("is disconnected after its first check at the earliest", () => {
    const check = checksOf(limits, [socketWith(5000)]);
    expect(check(1)).toEqual([false]);
    expect(check(1)).toEqual([true]);
  });
});
