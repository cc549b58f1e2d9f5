import { afterEach } from "vitest";

import { takeFaults } from "./checked-servers.ts";

// A test fails whose server answered what its OpenAPI document does not say.
afterEach(() => {
  const faults = [...new Set(takeFaults())];
  if (faults.length > 0) throw new Error(faults.join("\n"));
});
