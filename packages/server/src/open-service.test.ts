import { createInMemoryStore } from "@message-sender/core/in-memory";
import { createSystemClock } from "@message-sender/core/node";
import { expect, it } from "vitest";

import { openService } from "./open-service.ts";

it("a service frees the memory of its store", async () => {
  let released = 0;
  const store = { ...createInMemoryStore({ clock: createSystemClock() }), releaseMemory: () => void (released += 1) };
  const names = { noTenants: "no tenants", nameOf: String };
  const service = await openService({ store, tenantServiceUrl: "http://127.0.0.1:9" }, { names });
  service.releaseMemory();
  expect(released).toBe(1);
  await service.close();
});
