import type { MessageSender } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import type { Logger } from "@message-sender/http-adapter/inbound";

import type { LiveSource } from "./live/live-source.ts";
import type { ServiceFacts } from "./service/service-facts.ts";

/** What the pages of the console are made of. */
export interface ConsoleParts {
  readonly sender: MessageSender;
  readonly clock: Clock;
  /** Gets a line for each change that a visitor makes. */
  readonly logger: Logger;
  /** Streams changes to the pages that are open. */
  readonly live: LiveSource;
  /** What is known about the service, and read seldom. */
  readonly facts: ServiceFacts;
}
