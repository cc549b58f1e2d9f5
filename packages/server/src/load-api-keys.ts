import { type ApiKeys, openApiKeys } from "@message-sender/http-adapter/inbound";

import type { InvalidOption } from "./invalid-option.ts";
import type { ServiceOptions } from "./service-options.ts";

/** The keys of `apiKeysFile`, if it is set. Throws what `invalid` makes of a reason. */
export async function loadApiKeys(
  { apiKeysFile, access, logger }: ServiceOptions,
  invalid: InvalidOption,
): Promise<ApiKeys | undefined> {
  if (apiKeysFile === undefined) return undefined;
  if (access !== undefined) throw invalid("apiKeysFile", "cannot be combined with access");
  const opened = await openApiKeys(apiKeysFile, {
    onError: (reason) => logger?.error({ reason }, "a problem with the API keys file"),
    onReload: (counts) => logger?.info(counts, "API keys reloaded"),
  });
  if (opened.isErr()) throw invalid("apiKeysFile", opened.error.reason);
  return opened.value;
}
