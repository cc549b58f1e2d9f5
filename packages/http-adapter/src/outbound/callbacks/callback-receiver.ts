import type { Secret, Unavailable } from "@message-sender/core";
import type { ResultAsync } from "neverthrow";

/** Where status callbacks go. */
export interface CallbackReceiver {
  /** An http or https URL, without credentials and fragment. */
  readonly url: string;
  /** Base64 of 24 to 64 bytes, with or without the prefix `whsec_`. Shared with the receiver. */
  readonly secret: Secret;
}

/** Knows where the events of a tenant go. */
export interface CallbackReceivers {
  /** What is known by now: a receiver, `none`, or undefined for a tenant that must be looked up. */
  known(tenantId: string): CallbackReceiver | "none" | undefined;
  /** Looks the tenant up, unless it is known. */
  lookup(tenantId: string): ResultAsync<CallbackReceiver | "none", Unavailable>;
  /** The receiver rejected an event: what is known of it may be out of date. */
  doubt(tenantId: string): void;
}

/** Whether a text is a URL that callbacks can be posted to. */
export function isCallbackUrl(text: string): boolean {
  const url = /^https?:\/\/[^/\\\s#][^\s#]*$/i.test(text) && text.length <= 2048 ? URL.parse(text) : null;
  return url?.username === "" && url.password === "";
}

/** Whether a text is a secret of Standard Webhooks (standardwebhooks.com), as its libraries read it. */
export function isSigningSecret(text: string): boolean {
  const [, base64 = ""] =
    /^(?:whsec_)?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text) ?? [];
  const { length } = Buffer.from(base64, "base64");
  return length >= 24 && length <= 64;
}
