import type { Identifier } from "../content/identifiers.ts";

/** What a pause stops: a tenant, one of its outlets, a phone number, or a template. */
export type PauseKind = "tenant" | "outlet" | "number" | "template";

/** Who decided on a pause, and may end it: the operator of the sender, a tenant for itself, or WhatsApp by a webhook. */
export type PauseOwner = "operator" | "tenant" | "whatsapp";

/** What a pause stops. */
export interface PauseTarget {
  readonly kind: PauseKind;
  /** The id of the tenant, outlet or phone number, or the name of the template. */
  readonly name: string;
  /** Whose messages it stops. Absent: those of every tenant that uses the number or template. */
  readonly tenantId?: Identifier;
  /** Of a template: the one language that it stops. Absent: all of them. */
  readonly language?: string;
  /** Of a template: the one WhatsApp Business Account whose template it stops. Absent: that of each account. */
  readonly wabaId?: string;
  readonly owner: PauseOwner;
}

/** Messages that are not sent for now. */
export interface Pause extends PauseTarget {
  /** Names its target and owner: a target has one pause of each owner. */
  readonly id: string;
  /** When it ends by itself. Absent: it ends when somebody ends it. */
  readonly until?: Date;
  /** For people. */
  readonly reason: string;
  /** Who paused it, such as the id of an API key. */
  readonly by: string;
  readonly at: Date;
}

/**
 * The id of the pause of a target, such as `outlet:acme:main`. Each part is encoded, so that no two targets share one: neither a
 * colon nor an `@` can be in a part.
 */
export function pauseIdOf({ kind, name, tenantId, language, wabaId, owner }: PauseTarget): string {
  const parts = kind === "tenant" ? [name] : kind === "outlet" ? [tenantId, name] : [name, tenantId, language, wabaId];
  const path = [kind, ...parts].map((part = "") => encodeURIComponent(part)).join(":");
  return `${path.replace(/:+$/, "")}${owner === "operator" ? "" : `@${owner}`}`;
}

/** Whether a pause has ended by itself. */
export function hasEnded({ until }: Pick<Pause, "until">, now: Date): boolean {
  return until !== undefined && until <= now;
}

/** What is paused, until when and why, as a clause. */
export function describePause(pause: Pause): string {
  return `${subjectOf(pause)} is paused${untilOf(pause)}: ${pause.reason}`;
}

/** What is paused, by whom, until when and why, as a sentence for those who may end it. `who` waits: the messages, by default. */
export function explainPause(pause: Pause, who = "It waits"): string {
  return `${who}: ${subjectOf(pause)} is paused by ${pause.by}${untilOf(pause)} because: ${pause.reason}`;
}

function subjectOf({ kind, name, tenantId, language, wabaId }: Pause): string {
  const forTenant = tenantId === undefined ? "" : ` of tenant ${tenantId}`;
  switch (kind) {
    case "tenant":
      return `tenant ${name}`;
    case "outlet":
      return `outlet ${name}${forTenant}`;
    case "number":
      return `phone number ${name}${forTenant}`;
    case "template":
      return `template ${name}${language === undefined ? "" : ` (${language})`}${wabaId === undefined ? forTenant : ` of WhatsApp Business Account ${wabaId}`}`;
  }
}

function untilOf({ until }: Pause): string {
  return until ? ` until ${until.toISOString()}` : "";
}
