import { inMemoryStore } from "../../../test/in-memory-store.ts";
import { claimSabotages } from "../../../test/sabotages/claims.ts";
import { headSabotages, releaseSabotages, stateSabotages } from "../../../test/sabotages/heads.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeMessageQueueContract, messageQueueContract } from "./contract.ts";

describeMessageQueueContract({ name: "in-memory store", setup: inMemoryStore });

describeSabotage(messageQueueContract, {
  setup: inMemoryStore,
  sabotages: { ...claimSabotages, ...headSabotages, ...releaseSabotages, ...stateSabotages },
});
