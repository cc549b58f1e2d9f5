import { expect, test } from "vitest";

import { type ConnectionUser, createConnections } from "./connections.ts";

function userNamed(name: string, started: string[]): ConnectionUser {
  return { start: () => void started.push(name) };
}

test("a free connection is taken at once, and further users get one in the order in which they came", async () => {
  const connections = createConnections(2);
  const started: string[] = [];
  for (const name of ["a", "b", "c", "d"]) connections.take(userNamed(name, started));
  expect(started).toEqual(["a", "b"]);
  connections.release();
  expect(started).toEqual(["a", "b"]);
  await Promise.resolve();
  expect(started).toEqual(["a", "b", "c"]);
  connections.release();
  await Promise.resolve();
  expect(started).toEqual(["a", "b", "c", "d"]);
});

test("who has left gets none", async () => {
  const connections = createConnections(1);
  const started: string[] = [];
  const leaving = userNamed("leaving", started);
  connections.take(userNamed("first", started));
  connections.take(leaving);
  connections.take(userNamed("last", started));
  connections.leave(leaving);
  connections.release();
  await Promise.resolve();
  expect(started).toEqual(["first", "last"]);
});

test("a connection that came back while nobody waited is free", () => {
  const connections = createConnections(1);
  const started: string[] = [];
  connections.take(userNamed("first", started));
  connections.release();
  connections.take(userNamed("second", started));
  connections.take(userNamed("third", started));
  expect(started).toEqual(["first", "second"]);
});

test("any number of users may wait that release their connection while they start", async () => {
  const connections = createConnections(1);
  connections.take({ start: () => {} });
  let started = 0;
  for (let count = 0; count < 100_000; count += 1) {
    connections.take({
      start() {
        started += 1;
        connections.release();
      },
    });
  }
  connections.release();
  await Promise.resolve();
  expect(started).toBe(100_000);
});

test("who comes while a connection is about to go to somebody who waits does not take it", async () => {
  const connections = createConnections(1);
  const started: string[] = [];
  connections.take(userNamed("first", started));
  connections.take(userNamed("waiting", started));
  connections.release();
  connections.take(userNamed("late", started));
  await Promise.resolve();
  expect(started).toEqual(["first", "waiting"]);
});
