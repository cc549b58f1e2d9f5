import type { ResultAsync } from "neverthrow";

import type { TemplateDefinition } from "../domain/templates/template-definition.ts";
import type { Credential } from "./credentials.ts";
import type { Unavailable } from "./unavailable.ts";

/** A credential of a number whose WhatsApp Business Account is known. */
export interface AccountCredential extends Credential {
  readonly wabaId: string;
}

/**
 * The templates of a WhatsApp Business Account. The sender caches them, and asks for credentials of Meta's own API only. An
 * adapter that waits in real time marks itself with `inRealTime`.
 */
export interface Templates {
  /**
   * Returns every template of the credential's account, in each of its languages and whatever its status, as it is now. A list
   * that is not complete is `Unavailable`, as is one that cannot be read or does not come within 60 seconds. No error contains
   * the access token.
   *
   * Not promised: that WhatsApp sends a template which the list calls `APPROVED`.
   */
  list(credential: AccountCredential): ResultAsync<readonly TemplateDefinition[], Unavailable>;
}
