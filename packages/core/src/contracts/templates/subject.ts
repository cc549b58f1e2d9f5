import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import type { Templates } from "../../ports/templates.ts";
import type { Subject } from "../contract.ts";

export interface TemplatesSubject extends Subject {
  readonly templates: Templates;
  /** Replaces the templates of an account. At first no account has one. */
  set(wabaId: string, templates: readonly TemplateDefinition[]): void | Promise<void>;
  /** Makes the source of the templates unreachable from now on. */
  goAway(): void | Promise<void>;
}
