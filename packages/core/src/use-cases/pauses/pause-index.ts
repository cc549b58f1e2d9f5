import { outletName, type OutletRef } from "../../content/identifiers.ts";
import type { MessageRequest } from "../../domain/message.ts";
import { hasEnded, type Pause } from "../../domain/pause.ts";
import type { Credential } from "../../ports/credentials.ts";

/** What a pause can stop: an outlet with all that it sends, or one message of it. */
export interface Sending {
  readonly outlet: OutletRef;
  readonly content?: MessageRequest["content"];
  readonly credential?: Credential | undefined;
}

/** Pauses by what they stop. */
export interface PauseIndex {
  /** Those that stop it now. */
  find(sending: Sending, now: Date): readonly Pause[];
}

export function createPauseIndex(pauses: readonly Pause[]): PauseIndex {
  const byName = new Map<string, Pause[]>();
  for (const pause of pauses) {
    const name = nameOf(pause);
    const same = byName.get(name);
    if (same) same.push(pause);
    else byName.set(name, [pause]);
  }

  return {
    find(sending, now) {
      const found = namesOf(sending).flatMap((name) => byName.get(name) ?? []);
      return found.filter((pause) => !hasEnded(pause, now) && concerns(pause, sending));
    },
  };
}

function nameOf({ kind, name, tenantId = "" }: Pause): string {
  return kind === "outlet" ? `outlet ${outletName({ tenantId, outletId: name })}` : `${kind} ${name}`;
}

function namesOf({ outlet, content, credential }: Sending): readonly string[] {
  const names = [`tenant ${outlet.tenantId}`, `outlet ${outletName(outlet)}`];
  if (credential) names.push(`number ${credential.phoneNumberId}`);
  if (content?.type === "template") names.push(`template ${content.template.name}`);
  return names;
}

function concerns(pause: Pause, { outlet, content, credential }: Sending): boolean {
  const language = content?.type === "template" ? content.template.language.code : undefined;
  return (
    isAnyOr(pause.tenantId, outlet.tenantId) &&
    isAnyOr(pause.wabaId, credential?.wabaId) &&
    isAnyOr(pause.language && sameSpelling(pause.language), language && sameSpelling(language))
  );
}

function isAnyOr(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

/** Meta writes both `en_US` and `en-US` (Cloud API, "Webhooks: message_template_status_update"). */
function sameSpelling(language: string): string {
  return language.replace("-", "_").toLowerCase();
}
