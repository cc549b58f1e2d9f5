import type { SandboxView } from "@message-sender/console";
import type { MessageSenderPorts } from "@message-sender/core";
import type { Telemetry } from "@message-sender/core/adapter";
import type { ApiKeys } from "@message-sender/http-adapter/inbound";
import type { GraphErrorOverrides, TenantSource } from "@message-sender/http-adapter/outbound";

import type { LogRedaction } from "../log/log-redaction.ts";
import type { RegistryPart } from "../metrics/registry.ts";
import type { Peers } from "../reports/peers.ts";
import type { ServiceOptions } from "../service-options.ts";
import type { StoreKind } from "../store/database-url.ts";
import type { Store } from "../store/open-store.ts";

/** The options of a service, with the resources that were opened for them. */
export interface CompositionOptions extends Omit<ServiceOptions, "store" | "sandbox"> {
  readonly store: Store;
  /** Gets each event of the service, for the log, the metrics and the caller's `telemetry`. */
  readonly events: Telemetry;
  readonly redaction: LogRedaction;
  /** The service's part of the registry; absent without metrics. */
  readonly metricsPart?: RegistryPart;
  readonly storeKind: StoreKind | "custom";
  /** Absent if a Tenant Service or ports of the caller replace it. */
  readonly tenantSource?: TenantSource;
  readonly errorRules?: GraphErrorOverrides;
  /** With what sessions of the console are sealed, if the API has keys. */
  readonly sessionSecret?: ApiKeys["sessionSecret"];
  /** The other processes of the server, if there are any. */
  readonly peers?: Peers;
  /** What the console says of the sandbox that the service runs in. */
  readonly sandboxView?: SandboxView;
  /** Wraps the ports before the sender is created. */
  readonly decorate?: (ports: MessageSenderPorts) => MessageSenderPorts;
}
