/** A template as it exists in a WhatsApp Business Account, in Meta's own words (Graph API, "Message Templates"). */
export interface TemplateDefinition {
  readonly name: string;
  /** Its language code, such as `en_US`. */
  readonly language: string;
  /** `APPROVED`, `PAUSED`, `DISABLED`, `REJECTED` or another of Meta's statuses. */
  readonly status: string;
  /** `POSITIONAL` or `NAMED`. Without it, the names of the parameters in the texts tell. */
  readonly parameterFormat?: string;
  /** Meta's components: `type`, and `format`, `text`, `buttons` or `cards`. Those of an unknown form are not checked. */
  readonly components: readonly unknown[];
}

/**
 * Statuses in which WhatsApp sends no message with the template. Meta's pages say that only an approved template can be sent; a
 * status that is not listed here is left to WhatsApp (Cloud API, "Templates: template status").
 */
const unsendable: ReadonlySet<string> = new Set([
  "PAUSED",
  "DISABLED",
  "REJECTED",
  "PENDING",
  "PENDING_DELETION",
  "DELETED",
]);

/** Whether WhatsApp certainly sends no message with a template of this status. */
export function isUnsendable(status: string): boolean {
  return unsendable.has(status);
}

/** Whether the template is paused: WhatsApp resumes it by itself (Cloud API, "Template pausing"). */
export function isPaused(status: string): boolean {
  return status === "PAUSED";
}
