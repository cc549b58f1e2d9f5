import { type Identifier, fieldRules, isIdentifier } from "../../content/identifiers.ts";
import { hasAtMost } from "../../content/plain-text.ts";
import { type PauseTarget, type PauseOwner } from "../../domain/pause.ts";
import type { Draft } from "../../domain/message.ts";
import { type FieldRule, isTime } from "../accept/field-checks.ts";

/** What to pause: an outlet, a number, a template, or with none of them the whole tenant. */
export interface PauseCommand {
  /** Whose messages. Needed for an outlet. A number or a template without a tenant is paused for every tenant. */
  readonly tenantId?: Identifier;
  readonly outletId?: Identifier;
  /** Meta's id of the number. */
  readonly phoneNumberId?: string;
  readonly template?: {
    readonly name: string;
    /** Default: each of its languages. */
    readonly language?: string;
  };
  /** When the pause ends by itself. Default: it does not. */
  readonly until?: Date;
  /** For people: 1–500 characters. Callers whose messages are refused read it. */
  readonly reason: string;
  /** Who pauses, such as the id of an API key: 1–255 characters. */
  readonly by: string;
  /** `tenant`: the tenant pauses its own messages, and can end that pause itself. Default: `operator`. */
  readonly as?: Exclude<PauseOwner, "whatsapp">;
}

const templateName = /^[a-z0-9_-]{1,512}$/;
const languageCode = /^[A-Za-z0-9_-]{1,32}$/;

/** A caller without types may pass anything. */
export const pauseRules: readonly FieldRule<PauseCommand & { readonly now: Date }>[] = [
  ["tenantId", ({ tenantId }) => isAbsent(tenantId) || isIdentifier(tenantId), fieldRules.identifier],
  ["outletId", ({ outletId }) => isAbsent(outletId) || isIdentifier(outletId), fieldRules.identifier],
  ["outletId", (command) => isAbsent(command.outletId) || !isAbsent(command.tenantId), "needs its tenantId"],
  [
    "phoneNumberId",
    ({ phoneNumberId }) => isAbsent(phoneNumberId) || isIdentifier(phoneNumberId),
    fieldRules.identifier,
  ],
  [
    "template.name",
    ({ template }) => isAbsent(template) || isText(template.name, templateName),
    "must be the name of a template",
  ],
  [
    "template.language",
    ({ template }) => isAbsent(template?.language) || isText(template?.language, languageCode),
    "must be a language code",
  ],
  ["", (command) => targetsOf(command) <= 1, "must name one of outletId, phoneNumberId and template, or none of them"],
  [
    "",
    (command) => targetsOf(command) > 0 || !isAbsent(command.tenantId),
    "must say what to pause: tenantId, outletId, phoneNumberId or template",
  ],
  ["until", ({ until }) => isAbsent(until) || isTime(until), "must be a valid Date"],
  ["until", ({ until, now }) => !isTime(until) || until > now, "must be in the future"],
  ["reason", ({ reason }) => isWording(reason, 500), "must be 1–500 characters"],
  ["by", ({ by }) => isWording(by, 255), "must be 1–255 characters"],
  ["as", ({ as }) => isAbsent(as) || as === "operator" || as === "tenant", "must be operator or tenant"],
  ["tenantId", ({ as, tenantId }) => as !== "tenant" || !isAbsent(tenantId), "is required if a tenant pauses"],
];

/** The target of a valid command. */
export function targetOf({ tenantId, outletId, phoneNumberId, template, as }: PauseCommand): PauseTarget {
  const common: Draft<Pick<PauseTarget, "owner" | "tenantId">> = { owner: as ?? "operator" };
  if (!isAbsent(tenantId)) common.tenantId = tenantId;
  if (!isAbsent(outletId)) return { ...common, kind: "outlet", name: outletId };
  if (!isAbsent(phoneNumberId)) return { ...common, kind: "number", name: phoneNumberId };
  if (isAbsent(template)) return { ...common, kind: "tenant", name: tenantId ?? "" };
  const { name, language } = template;
  return { ...common, kind: "template", name, ...(!isAbsent(language) && { language }) };
}

function targetsOf({ outletId, phoneNumberId, template }: PauseCommand): number {
  return [outletId, phoneNumberId, template].filter((given) => !isAbsent(given)).length;
}

function isText(given: unknown, pattern: RegExp): boolean {
  return typeof given === "string" && pattern.test(given);
}

function isWording(given: unknown, most: number): boolean {
  return typeof given === "string" && given.trim() !== "" && hasAtMost(given, most) && given.isWellFormed();
}

/** A field that is null counts as absent. */
function isAbsent<T>(given: T): given is Extract<T, null | undefined> {
  return given === undefined || given === null;
}
