import { createMessageSender, createPacer, type MessageSenderPorts } from "@message-sender/core";
import { createSystemClock, createSystemIds } from "@message-sender/core/node";
import { createOpenTelemetryTracing } from "@message-sender/http-adapter/outbound";

import type { CompositionOptions } from "./composition-options.ts";
import { defaultGraphConnections } from "./graph.ts";
import { pacerOf } from "./pacer-of.ts";
import { registeringCredentials } from "./registered-secrets.ts";
import { asksForThroughput, notingCredentials, notingUpgrades } from "./throughput.ts";
import { type Get, type Provide, tokens } from "./tokens.ts";

/** The sender, and the parts that only it uses. */
export function provideSender(provide: Provide, options: CompositionOptions): void {
  const { ports = {}, webhooks, decorate } = options;
  const { shared, ...pacing } = options.pacing ?? {};

  provide(tokens.clock, () => ports.clock ?? createSystemClock());
  provide(tokens.ids, createSystemIds);
  provide(tokens.store, () => options.store);
  provide(tokens.telemetry, () => options.events);
  provide(tokens.pacer, (get) => {
    const { numberRates } = get(tokens.store);
    if (shared === true && !numberRates)
      throw new TypeError("pacing.shared needs a store that shares rates: PostgreSQL");
    return createPacer({
      clock: get(tokens.clock),
      permits: options.graphMaxConnections ?? defaultGraphConnections,
      telemetry: get(tokens.telemetry),
      ...(asksForThroughput(options) && { throughputOf: get(tokens.throughput).throughputOf }),
      ...(numberRates && shared !== false && { numberRates }),
      ...pacing,
    });
  });
  provide(tokens.sender, (get) => {
    const { retry, idempotency, retention, queue, worker, credentialsTtlMs } = options;
    const { evidenceMs = 5000, ...onAmbiguous } = options.ambiguity ?? {};
    const created = { ...portsFrom(get, ports), ...ports, telemetry: get(tokens.telemetry) };
    const registering = registeringCredentials(created.credentials, options.redaction);
    const throughput = asksForThroughput(options) ? get(tokens.throughput) : undefined;
    const credentials = throughput ? notingCredentials(registering, throughput) : registering;
    const noted = { ...created, credentials };
    const sender = createMessageSender(decorate ? decorate(noted) : noted, {
      // Tenants in memory cost nothing to look up. Without a cache, a change takes effect at once.
      ...(options.tenantSource && !ports.credentials && { credentialsTtlMs: 0 }),
      ...(credentialsTtlMs !== undefined && { credentialsTtlMs }),
      ...(retry && { retry }),
      ...(idempotency && { idempotency }),
      ...(retention && { retention }),
      ...(queue && { queue }),
      ...(worker !== undefined && { worker }),
      // Without webhooks, no evidence can arrive.
      ambiguity: { ...onAmbiguous, ...(webhooks && { evidenceMs }) },
    });
    return throughput ? notingUpgrades(sender, throughput) : sender;
  });
}

/** The service's own ports. A port that the caller replaces is not created. */
function portsFrom(get: Get, replaced: Partial<MessageSenderPorts>): MessageSenderPorts {
  const history = replaced.history ? undefined : get(tokens.history);
  const webhookForwarding = replaced.webhookForwarding ? undefined : get(tokens.webhookForwarding);
  return {
    ...get(tokens.store),
    clock: get(tokens.clock),
    ids: get(tokens.ids),
    telemetry: get(tokens.telemetry),
    tracing: createOpenTelemetryTracing(),
    pacer: pacerOf(get, { ports: replaced }),
    transport: replaced.transport ?? get(tokens.graph),
    readReceipts: replaced.readReceipts ?? get(tokens.graph).readReceipts,
    media: replaced.media ?? get(tokens.media),
    // A transport of the caller's own may send elsewhere than where Graph's templates are.
    ...(!replaced.transport && { templates: get(tokens.templates) }),
    credentials: replaced.credentials ?? get(tokens.credentials),
    quota: replaced.quota ?? get(tokens.quota),
    ...(history && { history }),
    ...(webhookForwarding && { webhookForwarding }),
    statusCallbacks: replaced.statusCallbacks ?? get(tokens.statusCallbacks),
  };
}
