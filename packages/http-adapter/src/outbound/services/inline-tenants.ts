import type { OutletRef } from "@message-sender/core";
import {
  type Credential,
  type Credentials,
  type CredentialsError,
  isSameCredential,
} from "@message-sender/core/adapter";
import { err, ok, okAsync, type Result, ResultAsync } from "neverthrow";

import type { CallbackReceiver, CallbackReceivers } from "../callbacks/callback-receiver.ts";
import { type TenantLimit, type Tenants, tenantsIn } from "./tenants-document.ts";

/** Tenants by their ids, in the form that a tenants file has under `tenants`. */
export type TenantsDocument = Readonly<
  Record<
    string,
    {
      readonly quota: TenantLimit;
      readonly outlets: Readonly<Record<string, OutletDocument>>;
      /** Where status callbacks of the tenant go, with the secret that signs them. */
      readonly status_callback_url?: string;
      readonly secret?: string;
    }
  >
>;

/** An outlet's access token and numbers, as in a tenants file. */
export interface OutletDocument {
  readonly waba_access_token: string;
  readonly phone_number_id: string;
  readonly waba_id?: string;
  /** How many messages the number may send per second: 80, 1,000 after an upgrade, 20 with the WhatsApp Business app. */
  readonly throughput_per_second?: number;
  /** Who provides WhatsApp's Cloud API, such as 360dialog. Default: Meta. */
  readonly provider?: ProviderDocument;
  /** Which of WhatsApp's APIs sends templates. Default: `cloud`. */
  readonly template_messages_via?: "cloud" | "marketing";
}

/** Where requests of the Cloud API go instead of Meta. */
interface ProviderDocument {
  readonly url: string;
  /** Ends in `/messages`; `{phone_number_id}` stands for the number's id. Default: Meta's path. */
  readonly messages_path?: string;
  /** Default: `Authorization`. */
  readonly auth_header?: string;
  /** Default: `Bearer` in `Authorization`, otherwise none. */
  readonly auth_scheme?: string;
}

/** Where credentials and limits come from when there is no Tenant Service. */
export interface TenantSource {
  readonly credentials: Credentials;
  /** What a tenant may send; `undefined` for an unknown tenant. */
  limitOf(tenantId: string): TenantLimit | undefined;
  /** Where the tenant's status callbacks go. Nothing needs to be looked up. */
  readonly callbacks: CallbackReceivers;
  /** All outlets as they are now, in the order of the document. */
  outlets(): readonly OutletRef[];
}

/** Tenants that are given in code. The error names the setting that is invalid, never its value. */
export function createInlineTenants(document: TenantsDocument): Result<TenantSource, string> {
  return tenantsIn(JSON.parse(JSON.stringify({ tenants: document }))).map((tenants) => ({
    credentials: {
      lookup: (outlet, refused) => new ResultAsync(Promise.resolve(credentialIn(tenants, outlet, refused))),
    },
    limitOf: (tenantId) => tenants.get(tenantId)?.quota,
    callbacks: callbacksIn(() => tenants),
    outlets: () => outletsIn(tenants),
  }));
}

/** The outlet's credential, unless it is the one that WhatsApp `refused`. */
export function credentialIn(
  tenants: Tenants,
  { tenantId, outletId }: { readonly tenantId: string; readonly outletId: string },
  refused?: Credential,
): Result<Credential, CredentialsError> {
  const credential = tenants.get(tenantId)?.outlets.get(outletId);
  if (!credential) return err({ kind: "OutletUnknown" });
  return refused && isSameCredential(credential, refused) ? err({ kind: "NoOtherCredential" }) : ok(credential);
}

export function outletsIn(tenants: Tenants): readonly OutletRef[] {
  return [...tenants].flatMap(([tenantId, tenant]) =>
    [...tenant.outlets.keys()].map((outletId) => ({ tenantId, outletId })),
  );
}

/** The receivers of the tenants as they are now. */
export function callbacksIn(tenants: () => Tenants): CallbackReceivers {
  const known: (tenantId: string) => CallbackReceiver | "none" = (tenantId) =>
    tenants().get(tenantId)?.callbacks ?? "none";
  return { known, lookup: (tenantId) => okAsync(known(tenantId)), doubt() {} };
}
