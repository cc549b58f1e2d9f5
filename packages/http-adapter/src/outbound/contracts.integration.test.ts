import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { Secret } from "@message-sender/core";
import type { Text } from "@message-sender/core/content";
import {
  describeCredentialsContract,
  describeHistoryContract,
  describeQuotaContract,
  describeStatusCallbacksContract,
  describeTransportContract,
  exampleCredential,
  type TransportScenario,
} from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { type FaultEffect, type SandboxOptions, startSandbox } from "@message-sender/emulator";
import { okAsync } from "neverthrow";
import { vi } from "vitest";

import { createStatusCallbacks } from "./callbacks/status-callbacks.ts";
import { createConversationServiceHistory } from "./services/conversation-service.ts";
import { createGraphTransport } from "./graph/graph-transport.ts";
import { createServiceClient } from "./services/service-client.ts";
import { createTenantServiceCredentials, createTenantServiceQuota } from "./services/tenant-service.ts";

/** Tenants without outlets: none is known until it is set. */
const nobody = { "tenant-1": { outlets: {} }, "tenant-2": { outlets: {} } };
const clock = createSystemClock();
/** Uses only `Date`, so that a test can advance it while sockets run in real time. */
const fakeDateClock = { ...clock, monotonicMs: () => Date.now() };

interface Submitted {
  readonly to: string;
  readonly text: Text;
  readonly biz_opaque_callback_data: string;
}

async function setup(options?: SandboxOptions) {
  const sandbox = await startSandbox(options);
  const clients = [sandbox.tenantUrl, sandbox.conversationUrl].map((url) => createServiceClient({ url }));
  const [tenantService, conversationService] = clients as [(typeof clients)[0], (typeof clients)[0]];
  const close = async () => {
    await Promise.all(clients.map((client) => client.close()));
    await sandbox.close();
  };
  return { sandbox, tenantService, conversationService, close };
}

type Fault = Exclude<TransportScenario, "accepts" | "cannot be reached">;

function effectOf(scenario: Fault): FaultEffect {
  const token = exampleCredential().accessToken.reveal();
  const effects: Record<Fault, FaultEffect> = {
    "rejects permanently": { graphError: 131026 },
    "rejects temporarily": { status: 503 },
    throttles: { graphError: 130429 },
    "rejects the credential": { graphError: 190 },
    "quotes the credential": { graphError: 100, details: `what is ${token}?` },
    "answers with the credential": { status: 200, body: JSON.stringify({ messages: [{ id: token }] }) },
    "never answers": { hang: true },
    "drops the connection": { reset: "after" },
    "succeeds unreadably": { truncate: true },
  };
  return effects[scenario];
}

describeTransportContract({
  name: "Graph transport",
  async setup() {
    const { sandbox, close } = await setup();
    const transport = createGraphTransport({ url: sandbox.graphUrl });
    const arranged = new Map<string, ReturnType<typeof sandbox.faults.add>>();
    return {
      transport,
      clock,
      async arrange(scenario, to) {
        if (scenario === "cannot be reached") return sandbox.graph.stop();
        arranged.get(to)?.remove();
        if (scenario !== "accepts") {
          arranged.set(to, sandbox.faults.add({ target: "graph", match: { to }, effect: effectOf(scenario) }));
        }
      },
      received: () =>
        sandbox.graph.requests.map(({ path, phoneNumberId, accessToken = "", body }) => {
          const { to, text, biz_opaque_callback_data } = body as Submitted;
          return {
            phoneNumberId,
            accessToken,
            to,
            content: { type: "text", text },
            callbackData: biz_opaque_callback_data,
            ...(path.endsWith("/marketing_messages") && { via: "marketing" }),
          };
        }),
      async close() {
        await transport.close();
        await close();
      },
    };
  },
});

describeCredentialsContract({
  name: "Tenant Service credentials",
  async setup() {
    const { sandbox, tenantService, close } = await setup({ tenants: nobody });
    return {
      credentials: createTenantServiceCredentials(tenantService),
      set({ tenantId, outletId }, { accessToken, phoneNumberId }) {
        const given = { waba_access_token: accessToken.reveal(), phone_number_id: phoneNumberId };
        sandbox.tenant.setCredentials(tenantId, outletId, given);
      },
      goAway: () => sandbox.tenant.stop(),
      close,
    };
  },
});

for (const reservations of [true, false]) {
  describeQuotaContract({
    name: `Tenant Service quota, ${reservations ? "with reservations" : "by readings alone"}`,
    skip: reservations
      ? []
      : [{ reason: "it is counted here", tests: ["Where a settlement did not arrive the answer is `Unavailable`"] }],
    async setup() {
      const { sandbox, tenantService, close } = await setup({ tenants: { nobody: {} }, reservations });
      // Early in the day: the contract must not advance the clock beyond the quota's reset at midnight.
      vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-01-15T09:00:00Z") });
      return {
        quota: createTenantServiceQuota(tenantService, { clock: fakeDateClock }),
        clock: fakeDateClock,
        async advance(ms) {
          vi.setSystemTime(Date.now() + ms);
        },
        setLimit: (tenantId, limit) => sandbox.tenant.setQuota(tenantId, limit),
        goAway: () => sandbox.tenant.stop(),
        async close() {
          vi.useRealTimers();
          await close();
        },
      };
    },
  });
}

for (const batch of [true, false]) {
  describeHistoryContract({
    name: `Conversation Service history, ${batch ? "with batches" : "one by one"}`,
    skip: [
      { reason: "the emulator answers a batch as a whole", tests: ["each has its own result, in the order given"] },
    ],
    async setup() {
      const { sandbox, conversationService, close } = await setup({ batch });
      return {
        history: createConversationServiceHistory(conversationService),
        async read(conversationId) {
          return sandbox.conversation.conversation(conversationId).map((kept) => ({
            messageId: kept.message_id,
            version: kept.version,
            to: kept.to,
            content: { type: "text", text: { body: String(kept.message) } },
            status: kept.status,
            ...(kept.whatsapp_message_id && { whatsappMessageId: kept.whatsapp_message_id }),
          }));
        },
        answer: () => {},
        goAway: () => sandbox.conversation.stop(),
        close,
      };
    },
  });
}

interface ArrivedData {
  readonly message_id: string;
  readonly version: number;
  readonly to: string;
  readonly reference: string;
  readonly status: string;
  readonly failure: { readonly details: string };
}

describeStatusCallbacksContract({
  name: "HTTP status callbacks",
  async setup() {
    const requests: string[] = [];
    const server = createServer(async (request, response) => {
      requests.push(await text(request));
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const receiver = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      secret: new Secret(`whsec_${Buffer.alloc(32).toString("base64")}`),
    };
    const found = (tenantId: string) => (tenantId === "wanted" ? receiver : ("none" as const));
    const tenants = { known: found, lookup: (tenantId: string) => okAsync(found(tenantId)), doubt() {} };
    const callbacks = createStatusCallbacks({ tenants, allowPrivate: true });
    const stop = async (): Promise<void> => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    };
    return {
      callbacks,
      wanted: "wanted",
      unwanted: "unwanted",
      arrived: async () =>
        requests.map((body) => {
          const { timestamp, data } = JSON.parse(body) as { readonly timestamp: string; readonly data: ArrivedData };
          const { message_id: messageId, version, to, reference, status, failure } = data;
          return { messageId, version, to, reference, status, failure, at: new Date(timestamp) };
        }),
      goAway: stop,
      async close() {
        await callbacks.close();
        await stop();
      },
    };
  },
});
