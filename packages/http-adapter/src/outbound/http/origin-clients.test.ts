import { ok } from "neverthrow";
import { expect, test } from "vitest";

import type { Ended, ExchangeRequest } from "./exchange.ts";
import { createOriginClients, type OriginClients } from "./origin-clients.ts";

const answer: Ended = ok({ status: 200, headers: {}, body: Buffer.alloc(0) });
const head = { method: "GET", path: "/", headers: [] } as const;
const call: ExchangeRequest<boolean> = { head, body: undefined, timeoutMs: 1000, read: (ended) => ended.isOk() };

async function use(clients: OriginClients, origin: string): Promise<void> {
  expect(await clients.exchange(origin, call)).toBe(true);
}

function openClients() {
  const opened: string[] = [];
  const closed: string[] = [];
  const waiting = new Map<string, () => void>();
  const clients = createOriginClients((origin) => {
    opened.push(origin);
    return {
      async exchange({ read }) {
        if (origin === "busy") await new Promise<void>((resolve) => waiting.set(origin, resolve));
        return read(answer);
      },
      close: async () => void closed.push(origin),
    };
  });
  return { clients, opened, closed, waiting };
}

test("each origin has one client", async () => {
  const { clients, opened } = openClients();
  for (const origin of ["a", "b", "a"]) await use(clients, origin);
  expect(opened).toEqual(["a", "b"]);
});

test("of many origins, the idle one that was used longest ago is closed, never one with a request", async () => {
  const { clients, closed, opened, waiting } = openClients();
  const busy = clients.exchange("busy", call);
  await use(clients, "again");
  for (let index = 0; index < 62; index += 1) await use(clients, `origin-${index}`);
  await use(clients, "again");
  expect(closed).toEqual([]);
  await use(clients, "one more");
  await use(clients, "another");
  expect(closed).toEqual(["origin-0", "origin-1"]);
  await use(clients, "origin-0");
  expect(opened.filter((origin) => origin === "origin-0")).toHaveLength(2);
  waiting.get("busy")?.();
  expect(await busy).toBe(true);
});

test("all are closed together", async () => {
  const { clients, closed } = openClients();
  for (const origin of ["a", "b"]) await use(clients, origin);
  await clients.close();
  expect(closed).toEqual(["a", "b"]);
});
