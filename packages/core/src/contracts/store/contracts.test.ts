import { describe, expect, it } from "vitest";

import { inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeStoreContracts } from "./contracts.ts";

describeStoreContracts({ name: "in-memory store", setup: inMemoryStore });

describe("the contracts of a store", () => {
  it("know what they are to skip", () => {
    const skip = [{ reason: "none", tests: ["Never fails"] }];
    const describeAll = () => describeStoreContracts({ name: "in-memory store", setup: inMemoryStore, skip });
    expect(describeAll).toThrow(`A store has no promise "Never fails" to skip`);
  });
});
