import { Secret, type Unavailable } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { err, errAsync, ok, okAsync, type Result, ResultAsync } from "neverthrow";
import { z } from "zod";

import { isSuccess } from "../http/exchange.ts";
import {
  nameService,
  path,
  readBody,
  type ServiceAnswer,
  type ServiceClient,
  unexpectedStatus,
} from "./service-client.ts";
import {
  type CallbackReceiver,
  type CallbackReceivers,
  isCallbackUrl,
  isSigningSecret,
} from "../callbacks/callback-receiver.ts";

const named = nameService("Tenant Service");

const answerSchema = z.object({
  status_callback_url: z.string().refine(isCallbackUrl).nullish(),
  secret: z.string().refine(isSigningSecret).nullish(),
});

type Found = CallbackReceiver | "none";

interface Known {
  readonly found: Result<Found, Unavailable>;
  /** The last receiver, which is used while the service is unavailable. */
  readonly last: Found | undefined;
  readonly lookedUpMs: number;
  readonly freshUntilMs: number;
}

const knownMs = 300_000;
/** No receiver, or a service without the route. */
const withoutReceiver: readonly number[] = [404, 405, 501];
/** A service that is down is asked again after this, whatever waits for it. */
const failedMs = 5000;
/** A receiver that rejects an event may have moved, but that is no reason to ask for each event. */
const doubtedMs = 30_000;
const mostTenants = 10_000;

/**
 * The callbacks of tenants from the Tenant Service, remembered for five minutes, `none` included. A 404 means none, and so does the
 * answer of a service that lacks the route (405, 501). While the service is unavailable the last known receiver is used.
 */
export function createTenantServiceCallbacks(
  client: ServiceClient,
  { clock = createSystemClock() }: { readonly clock?: Clock } = {},
): CallbackReceivers {
  const known = new Map<string, Known>();
  const underWay = new Map<string, ResultAsync<Found, Unavailable>>();

  function fresh(tenantId: string): Known | undefined {
    const entry = known.get(tenantId);
    return entry && clock.monotonicMs() < entry.freshUntilMs ? entry : undefined;
  }

  function remember(tenantId: string, found: Result<Found, Unavailable>): Result<Found, Unavailable> {
    const last = found.unwrapOr(known.get(tenantId)?.last);
    const lookedUpMs = clock.monotonicMs();
    known.delete(tenantId);
    known.set(tenantId, { found, last, lookedUpMs, freshUntilMs: lookedUpMs + (found.isOk() ? knownMs : failedMs) });
    const [oldest] = known.keys();
    if (known.size > mostTenants && oldest !== undefined) known.delete(oldest);
    return last === undefined ? found : ok(last);
  }

  function ask(tenantId: string): ResultAsync<Found, Unavailable> {
    const asked = client
      .call({
        method: "GET",
        path: path`/api/v1/tenants/${tenantId}/callbacks`,
        route: "/api/v1/tenants/{tenant_id}/callbacks",
        isSecret: true,
        expected: withoutReceiver,
      })
      .andThen(receiverIn)
      .mapErr(named);
    return new ResultAsync((async () => remember(tenantId, await asked))());
  }

  return {
    known(tenantId) {
      const entry = fresh(tenantId);
      return entry?.found.unwrapOr(undefined);
    },
    lookup(tenantId) {
      const entry = fresh(tenantId);
      if (entry?.last !== undefined) return okAsync(entry.last);
      if (entry?.found.isErr()) return errAsync(entry.found.error);
      const asking = underWay.get(tenantId) ?? ask(tenantId);
      underWay.set(tenantId, asking);
      void asking.then(
        () => underWay.delete(tenantId),
        () => underWay.delete(tenantId),
      );
      return asking;
    },
    doubt(tenantId) {
      const entry = fresh(tenantId);
      if (!entry || clock.monotonicMs() - entry.lookedUpMs < doubtedMs) return;
      known.set(tenantId, { ...entry, freshUntilMs: -Infinity });
    },
  };
}

function receiverIn(answer: ServiceAnswer): Result<Found, Unavailable> {
  if (withoutReceiver.includes(answer.status)) return ok("none");
  if (!isSuccess(answer.status)) return err(unexpectedStatus(answer));
  return readBody(answerSchema, answer).andThen(({ status_callback_url: url, secret }) => {
    if (url === undefined || url === null) return ok<Found>("none");
    if (secret === undefined || secret === null) {
      return err<Found, Unavailable>({ kind: "Unavailable", reason: "invalid answer: secret is missing or not valid" });
    }
    return ok<Found>({ url, secret: new Secret(secret) });
  });
}
