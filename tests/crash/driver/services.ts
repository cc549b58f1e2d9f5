import { randomUUID } from "node:crypto";

import { startSandbox } from "@message-sender/emulator";

import type { Accounts } from "../events.ts";
import type { Random } from "../random.ts";

export interface Outlet {
  readonly tenantId: string;
  readonly outletId: string;
}

const tenantCount = 2;
const outletsOfEach = 8;

/** The Tenant Service and the Conversation Service. Their final state is evidence for the checker. */
export async function startServices(random: Random) {
  const sandbox = await startSandbox({ keep: 1_000_000 });
  const outlets = Array.from({ length: tenantCount }, () => randomUUID()).flatMap((tenantId) =>
    Array.from({ length: outletsOfEach }, (): Outlet => ({ tenantId, outletId: randomUUID() })),
  );
  const byNumber = new Map(
    outlets.map((outlet) => [
      sandbox.tenant.credentialsOf(outlet.tenantId, outlet.outletId)?.phone_number_id ?? "",
      outlet,
    ]),
  );
  let rotations = 0;

  return {
    tenantUrl: sandbox.tenantUrl,
    conversationUrl: sandbox.conversationUrl,
    outlets,
    /** Sometimes gives the outlet a new token, so that the next attempt succeeds. */
    tokenRefused(phoneNumberId: string): void {
      const outlet = byNumber.get(phoneNumberId);
      if (!outlet || random.chance(0.3)) return;
      rotations += 1;
      const next = { waba_access_token: `EAArotated${rotations}` };
      sandbox.tenant.setCredentials(outlet.tenantId, outlet.outletId, next);
    },
    /** Makes the Conversation Service fail, hang or answer late now and then. */
    addFaults(): void {
      sandbox.faults.add({ target: "conversation", trigger: { next: 3 }, effect: { status: 503 } });
      sandbox.faults.add({ target: "conversation", trigger: { next: 1 }, effect: { hang: true } });
      sandbox.faults.add({ target: "conversation", trigger: { every: 20 }, effect: { delayMs: 300 } });
    },
    calmDown: () => sandbox.faults.clear(),
    /** Changes with each request to one of them. */
    activity: () => sandbox.tenant.requestCount + sandbox.conversation.requestCount,
    accounts(): Accounts {
      const tenants = new Set(outlets.map(({ tenantId }) => tenantId));
      return {
        used: Object.fromEntries([...tenants].map((id) => [id, sandbox.tenant.quotaOf(id)?.used ?? 0])),
        history: sandbox.conversation.messages.map(({ message_id, version, status }) => ({
          message_id,
          version,
          status,
        })),
      };
    },
    close: () => sandbox.close(),
  };
}

export type Services = Awaited<ReturnType<typeof startServices>>;
