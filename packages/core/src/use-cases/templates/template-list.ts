import { err, ok, type Result } from "neverthrow";

import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import { type WantedParameters, wantedParametersOf } from "../../domain/templates/wanted-parameters.ts";
import type { AccountCredential, Templates } from "../../ports/templates.ts";

/** A template, with the parameters that its messages have to give. */
export interface KnownTemplate extends Pick<TemplateDefinition, "name" | "language" | "status"> {
  readonly wanted: WantedParameters;
}

/** The templates of an account, by `nameOf`. */
export type TemplateList = ReadonlyMap<string, KnownTemplate>;

export function nameOf(name: string, language: string): string {
  return `${name} ${language}`;
}

/** Why it cannot be read is the error. A port that throws must not cost the send. */
export async function readTemplates(
  templates: Templates,
  credential: AccountCredential,
): Promise<Result<TemplateList, string>> {
  try {
    const listed = await templates.list(credential);
    return listed.isErr() ? err(listed.error.reason) : ok(knownOf(listed.value));
  } catch {
    return err("the port threw an error");
  }
}

/** Which of two that share a name and a language is meant, such as one that is being deleted, is not known. */
function knownOf(definitions: readonly TemplateDefinition[]): TemplateList {
  const known = new Map<string, KnownTemplate>();
  const doubtful = new Set<string>();
  for (const definition of definitions) {
    const { name, language, status } = definition;
    const key = nameOf(name, language);
    if (known.has(key)) doubtful.add(key);
    known.set(key, { name, language, status, wanted: wantedParametersOf(definition) });
  }
  for (const key of doubtful) known.delete(key);
  return known;
}
