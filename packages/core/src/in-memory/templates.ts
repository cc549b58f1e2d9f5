import { errAsync, okAsync } from "neverthrow";

import type { TemplateDefinition } from "../domain/templates/template-definition.ts";
import type { AccountCredential, Templates } from "../ports/templates.ts";

/** Templates that a test sets. */
export interface InMemoryTemplates extends Templates {
  /** Replaces the templates of an account. */
  set(wabaId: string, templates: readonly TemplateDefinition[]): void;
  /** Makes every list `Unavailable`, or readable again. */
  setUnavailable(isUnavailable: boolean): void;
  /** The credentials with which lists were asked for. */
  readonly asked: readonly AccountCredential[];
}

/** Templates in memory. At first, no account has one. */
export function createInMemoryTemplates(): InMemoryTemplates {
  const accounts = new Map<string, readonly TemplateDefinition[]>();
  const asked: AccountCredential[] = [];
  let isAway = false;

  return {
    asked,
    list(credential) {
      asked.push(credential);
      return isAway
        ? errAsync({ kind: "Unavailable", reason: "the templates are set to be unavailable" })
        : okAsync(accounts.get(credential.wabaId) ?? []);
    },
    set: (wabaId, templates) => void accounts.set(wabaId, [...templates]),
    setUnavailable(isUnavailable) {
      isAway = isUnavailable;
    },
  };
}
