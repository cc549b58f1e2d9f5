import { describeStoreContracts } from "@message-sender/core/contracts";

import { freshStore } from "../test/fresh-store.ts";

// The comparison with the store in memory runs without syncing each commit.
describeStoreContracts({
  name: "SQLite store",
  setup: () => freshStore({ synchronous: "full" }),
  skip: [
    {
      reason: "only one process can have the file open",
      tests: [
        "The lines of a process whose lease is over are free, for that process too",
        "A process holds no more than its share: the lines that are held or due, divided by the processes that work on the queue, rounded up",
        "A line of another process stays with it",
        "Reaches 0 before the lines of the process are free for others",
        "How many of its lines this process should release so that others get their share",
      ],
    },
  ],
});
