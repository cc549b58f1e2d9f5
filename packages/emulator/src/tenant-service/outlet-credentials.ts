import { hash } from "node:crypto";

/** An outlet's credentials, as the Tenant Service returns them. */
export interface OutletCredentials {
  readonly waba_access_token: string;
  readonly phone_number_id: string;
  readonly waba_id?: string;
  /** How many messages the number may send per second, as the Tenant Service knows it. WhatsApp's own limits are `limits`. */
  readonly throughput_per_second?: number;
  /** Where messages go instead of WhatsApp. */
  readonly provider?: {
    readonly url: string;
    readonly messages_path?: string;
    readonly auth_header?: string;
    readonly auth_scheme?: string;
  };
  readonly template_messages_via?: "cloud" | "marketing";
}

/** The same outlet has the same credentials in every run. */
export function derivedCredentials(tenantId: string, outletId: string): OutletCredentials {
  const digest = hash("sha256", `${tenantId}/${outletId}`);
  return {
    waba_access_token: `EAAsandbox${digest.slice(0, 32)}`,
    phone_number_id: `1${digits(digest.slice(32, 44))}`,
    waba_id: `2${digits(digest.slice(44, 56))}`,
  };
}

/** The WABA of a number that belongs to no outlet. */
export function derivedWabaId(phoneNumberId: string): string {
  return `2${digits(hash("sha256", phoneNumberId).slice(0, 12))}`;
}

/** A phone number from the range that is reserved for fiction, in digits, as Meta shows it. */
export function derivedDisplayNumber(phoneNumberId: string): string {
  return `1555${digits(hash("sha256", phoneNumberId).slice(12, 24)).slice(-7)}`;
}

function digits(hex: string): string {
  return String(Number.parseInt(hex, 16)).padStart(15, "0").slice(-14);
}
