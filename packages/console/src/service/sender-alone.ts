import type { MessageSender } from "@message-sender/core";
import { errAsync } from "neverthrow";

import type { ServiceView } from "./service-view.ts";

const startedAt = Date.now();

/** What is known about a service that says nothing of itself: one process, and the outlets that its sender has looked up. */
export function senderAlone(sender: MessageSender): ServiceView {
  return {
    version: "",
    store: "",
    processes: () =>
      Promise.resolve([
        { process: 1, startedAt, overload: 0, inFlight: 0, waiting: 0, numbers: [], outlets: sender.outlets() },
      ]),
    backlog: { measure: () => errAsync({ kind: "Unavailable", reason: "the service does not say what waits" }) },
    outlets: () => [],
    numberOf: () => errAsync({ kind: "Unavailable", reason: "WhatsApp is not asked" }),
    closing: new AbortController().signal,
  };
}
