/**
 * The values of options, and their checks. This entry loads neither Hono nor undici.
 *
 * @module @message-sender/http-adapter/values
 */
export { type Scope, scopes } from "./inbound/access/access.ts";
export { isAddressRange } from "./inbound/requests/client-address.ts";
export { isCallbackUrl, isSigningSecret } from "./outbound/callbacks/callback-receiver.ts";
export { isProxyUrl, proxyFor } from "./outbound/http/proxy.ts";
