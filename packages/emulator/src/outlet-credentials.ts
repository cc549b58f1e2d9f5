import { hash } from "node:crypto";

/** As the Tenant Service gives them. */
export interface OutletCredentials {
  readonly waba_access_token: string;
  readonly phone_number_id: string;
  readonly waba_id?: string;
}

/** The same outlet has the same credentials in each run. */
export function derivedCredentials(tenantId: string, outletId: string): OutletCredentials {
  const digest = hash("sha256", `${tenantId}/${outletId}`);
  return {
    waba_access_token: `EAAsandbox${digest.slice(0, 32)}`,
    phone_number_id: `1${digits(digest.slice(32, 44))}`,
    waba_id: `2${digits(digest.slice(44, 56))}`,
  };
}

function digits(hex: string): string {
  return String(Number.parseInt(hex, 16)).padStart(15, "0").slice(-14);
}
