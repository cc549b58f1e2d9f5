import { errAsync, okAsync } from "neverthrow";

import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { exampleWebhook } from "../fixtures.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeStoreHealthContract, storeHealthContract } from "./contract.ts";

const setup = inMemoryStore;

describeStoreHealthContract({ name: "in-memory store", setup });

describeSabotage(storeHealthContract, {
  setup,
  sabotages: {
    "Proves by a commit of its own that the store takes commits now": breaking("health", (health) => {
      let isChecking = false;
      return {
        check: () => {
          if (isChecking) return errAsync({ kind: "Unavailable", reason: "one at a time" });
          isChecking = true;
          const end = () => void (isChecking = false);
          return health.check().andTee(end).orTee(end);
        },
      };
    }),
    // What only reads, or remembers, is content with a store that takes no commit.
    "A store that can be read but takes no commit is `Unavailable`": breaking("health", () => ({
      check: () => okAsync(undefined),
    })),
    "Changes nothing that another port shows": breaking("health", (health, { webhookInbox }) => ({
      check: () => health.check().andThen(() => webhookInbox.add([exampleWebhook()], false)),
    })),
  },
});
