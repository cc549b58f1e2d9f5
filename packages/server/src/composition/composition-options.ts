import type { MessageSenderPorts } from "@message-sender/core";
import type { GraphErrorOverrides, TenantSource } from "@message-sender/http-adapter/outbound";

import type { ServiceOptions } from "../service-options.ts";
import type { Store } from "../store/open-store.ts";

/** The options of a service, with what had to be opened or read for them. */
export interface CompositionOptions extends Omit<ServiceOptions, "store" | "sandbox"> {
  readonly store: Store;
  /** Absent where a Tenant Service, or ports of the caller's own, take its place. */
  readonly tenantSource?: TenantSource;
  readonly errorRules?: GraphErrorOverrides;
  /** Changes the ports before a sender is made of them. */
  readonly decorate?: (ports: MessageSenderPorts) => MessageSenderPorts;
}
