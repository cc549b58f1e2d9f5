import type { ResultAsync } from "neverthrow";

import type { OutletRef } from "../content/identifiers.ts";
import type { MessagesVia } from "../domain/message.ts";
import type { Secret } from "../domain/secret.ts";
import type { Unavailable } from "./unavailable.ts";

/** What an outlet sends with. */
export interface Credential {
  readonly accessToken: Secret;
  /** Meta's id of the number that the outlet sends from. */
  readonly phoneNumberId: string;
  /** Meta's id of the number's WhatsApp Business Account, where it is known: only the limits of that account count. */
  readonly wabaId?: string;
  /**
   * How many messages the number may send per second, where it is known: 80, 1,000 after an upgrade, 20 for a number that the
   * WhatsApp Business app uses too (Cloud API, "Throughput"). A whole number from 1 to 10,000: any other is ignored.
   */
  readonly throughputPerSecond?: number;
  /** Who provides WhatsApp's Cloud API. Default: Meta. */
  readonly provider?: Provider;
  /** Which of WhatsApp's APIs sends templates, where the message does not say it. Default: `cloud`. */
  readonly templateMessagesVia?: MessagesVia;
}

/**
 * A provider other than Meta that takes the requests of the Cloud API at a place of its own, such as 360dialog:
 * `{ url: "https://waba-v2.360dialog.io", messagesPath: "/messages", authHeader: "D360-API-KEY" }`.
 */
export interface Provider {
  /** The base URL: http or https, without credentials, query and fragment. */
  readonly url: string;
  /**
   * The path of messages, which ends in `/messages`, with `{phone_number_id}` where the number's id belongs. Uploads and marketing
   * messages go to its neighbors `media` and `marketing_messages`. Default: Meta's path.
   */
  readonly messagesPath?: string;
  /** The header with the access token. Default: `Authorization`. */
  readonly authHeader?: string;
  /** The word before the access token; empty: none. Default: `Bearer` in `Authorization`, none in any other header. */
  readonly authScheme?: string;
}

/** The WhatsApp credentials of each outlet. Not promised: that WhatsApp accepts a credential. */
export interface Credentials {
  /**
   * Returns the outlet's present credential. Outlets of the same name of two tenants are two outlets. With `refused`, a
   * credential that WhatsApp has just rejected, it looks afresh and never returns that one again: where there is no other, the
   * answer is `NoOtherCredential`. Where the source cannot be reached the answer is `Unavailable`.
   */
  lookup(outlet: OutletRef, refused?: Credential): ResultAsync<Credential, CredentialsError>;
}

/** Why there is no credential. */
export type CredentialsError =
  /** No such tenant, or no such outlet of that tenant. */
  { readonly kind: "OutletUnknown" } | NoOtherCredential | Unavailable;

/** WhatsApp rejects the only credential that the outlet has. */
export interface NoOtherCredential {
  readonly kind: "NoOtherCredential";
  /** Until when an earlier rejection is remembered. Set if that was the reason, and WhatsApp was not asked again. */
  readonly rememberedUntil?: Date;
}

/** More than WhatsApp allows any number. */
export const mostPerSecond = 10_000;

/** Whether a value can be a number's throughput: a whole number from 1 to 10,000. */
export function isThroughput(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostPerSecond;
}

/** Whether two credentials have the same number, access token and provider. */
export function isSameCredential(a: Credential, b: Credential): boolean {
  return (
    a.phoneNumberId === b.phoneNumberId &&
    a.accessToken.equals(b.accessToken) &&
    (a.provider === b.provider || isSameProvider(a.provider, b.provider))
  );
}

function isSameProvider(a: Partial<Provider> = {}, b: Partial<Provider> = {}): boolean {
  const fields = ["url", "messagesPath", "authHeader", "authScheme"] as const;
  return fields.every((field) => a[field] === b[field]);
}
