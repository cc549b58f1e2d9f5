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
    onReload: (counts, { added, revoked, changed }) =>
      logger?.info(
        { ...counts, keys_added: namesOf(added), keys_revoked: namesOf(revoked), keys_changed: namesOf(changed) },
        "API keys reloaded",
      ),
  });
  if (opened.isErr()) throw invalid("apiKeysFile", opened.error.reason);
  return opened.value;
}

/** Absent if there are none. */
function namesOf(ids: readonly string[]): readonly string[] | undefined {
  return ids.length === 0 ? undefined : ids;
}
