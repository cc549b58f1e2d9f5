import type { Transport } from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";

import { startLibrary } from "../library.ts";
import { run } from "../subject.ts";

let sent = 0;
const transport: Transport = {
  submit: () => okAsync({ kind: "Accepted", wamid: `wamid.${(sent += 1)}` }),
};

/** The library with a transport that answers at once. */
await run(async () => startLibrary(transport));
