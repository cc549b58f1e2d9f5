import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callerOf, type Operation, operationsFile, send } from "./graph-walk.ts";
import type { Json } from "./published-examples.ts";

let original: Sandbox;
let copy: Sandbox;
beforeAll(async () => {
  [original, copy] = await Promise.all([startSandbox(), startSandbox()]);
});
afterAll(() => Promise.all([original.close(), copy.close()]));

interface Snapshot {
  readonly version: 1;
  readonly parts: Json;
}

async function snapshotOf(sandbox: Sandbox): Promise<Snapshot> {
  return (await (await fetch(`${sandbox.graphUrl}/__emulator/snapshot`)).json()) as Snapshot;
}

async function restore(sandbox: Sandbox, snapshot: Snapshot): Promise<void> {
  const body = JSON.stringify(snapshot);
  const { status } = await fetch(`${sandbox.graphUrl}/__emulator/snapshot`, { method: "PUT", body });
  expect(status).toBe(204);
}

/** Sends the operation, and returns the paths of all objects that it and its preparation named. */
async function carryOut(operation: Operation): Promise<readonly string[]> {
  const call = callerOf(original);
  const paths = new Set<string>();
  const { path } = await send(operation, original, (method, named, body) => {
    paths.add(named);
    return call(method, named, body);
  });
  const own = path.replace(/^\/v23\.0\//, "");
  const parent = own.slice(0, Math.max(0, own.lastIndexOf("/")));
  return [...paths, own, parent].filter((one) => one !== "");
}

/** What Graph answers, without the ids of the request and the address of the sandbox. */
async function read(sandbox: Sandbox, path: string): Promise<string> {
  const text = JSON.stringify(await callerOf(sandbox)("GET", path));
  return text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "").replaceAll(/"fbtrace_id":"[^"]*"|"url":"[^"]*"/g, '""');
}

/** Ids go on after a reset, so that none is given twice. */
function withoutCounts({ parts: { ids: _, wamids: __, ...parts } }: Snapshot): Json {
  return parts;
}

const changes = operationsFile.operations.filter(({ method }) => method !== "GET");

describe("a snapshot, after each operation of Meta's OpenAPI file that changes something", () => {
  it.each(changes.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    "%s: another sandbox that takes it answers as the first",
    async (_, operation) => {
      const paths = await carryOut(operation);
      const snapshot = await snapshotOf(original);
      await restore(copy, snapshot);
      for (const path of paths) expect(await read(copy, path), path).toBe(await read(original, path));
    },
  );
});

it("after a reset, a snapshot is as of a new sandbox", async () => {
  const fresh = await startSandbox();
  try {
    for (const operation of changes) {
      await carryOut(operation);
      original.reset();
      expect(withoutCounts(await snapshotOf(original)), operation.path).toEqual(withoutCounts(await snapshotOf(fresh)));
    }
  } finally {
    await fresh.close();
  }
});
