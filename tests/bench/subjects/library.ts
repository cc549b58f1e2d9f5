import { createGraphTransport } from "@message-sender/http-adapter/outbound";

import { startLibrary } from "../library.ts";
import { run } from "../subject.ts";

/** The library with the real transport. */
await run(async ({ graphUrl }) => startLibrary(createGraphTransport({ url: graphUrl })));
