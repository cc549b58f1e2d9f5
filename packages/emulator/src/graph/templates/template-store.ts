import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import type { Objects } from "../objects/objects.ts";
import { isNamedFormat, needsOf, type TemplateNeeds } from "./template-needs.ts";
import { type TemplateCategory, type TemplateSeed, templatesSchema, type TemplateStatus } from "./template-seed.ts";
import { componentsOf } from "./template-words.ts";

/** A template as WhatsApp keeps it. */
export interface StoredTemplate {
  readonly id: string;
  /** undefined: a seeded template, which every account has. */
  readonly accountId: string | undefined;
  readonly name: string;
  readonly language: string;
  readonly category: TemplateCategory;
  readonly status: TemplateStatus;
  readonly isNamed: boolean;
  readonly components: readonly Readonly<Record<string, unknown>>[];
  readonly needs: TemplateNeeds;
  /** Why Meta rejected it. */
  readonly reason?: string;
}

/** What a request says of a template. */
export interface TemplateDraft {
  readonly name: string;
  readonly language: string;
  readonly category: TemplateCategory;
  readonly format: unknown;
  readonly components: StoredTemplate["components"];
}

/** The templates that exist. */
export interface TemplateStore {
  /** Forgets all templates, and takes these instead. With none, a template that was never created is accepted too. */
  seed(seeds: readonly TemplateSeed[]): void;
  /** In the order of their creation. */
  all(): readonly StoredTemplate[];
  /** Those of an account, seeded ones included, in the order of their creation. */
  of(accountId: string): readonly StoredTemplate[];
  find(id: string): StoredTemplate | undefined;
  /** The new template waits for Meta's review. */
  create(accountId: string, draft: TemplateDraft): StoredTemplate;
  change(id: string, change: Partial<StoredTemplate>): StoredTemplate | undefined;
  remove(id: string): void;
  save(): SavedTemplates;
  restore(saved: SavedTemplates): void;
  /** The template that a message names; undefined: nothing is known of it, and every template is accepted. */
  namedBy(
    message: Readonly<Record<string, unknown>>,
    accountId: string | undefined,
  ): StoredTemplate | GraphError | undefined;
  /** The same; also undefined where there is no such template for that account. */
  usedBy(message: Readonly<Record<string, unknown>>, accountId: string | undefined): StoredTemplate | undefined;
}

export interface SavedTemplates {
  readonly acceptsAny: boolean;
  readonly names: readonly string[];
  readonly templates: readonly StoredTemplate[];
}

const firstSeed = 1_000_000_000_000_000;

export function createTemplateStore(objects: Objects): TemplateStore {
  const known = new Map<string, StoredTemplate>();
  /** The names of templates that were created here, whether they still exist or not. */
  const names = new Set<string>();
  let acceptsAny = true;

  function seed(seeds: readonly TemplateSeed[]): void {
    const parsed = templatesSchema.parse(seeds);
    for (const id of known.keys()) objects.remove(id);
    known.clear();
    names.clear();
    acceptsAny = parsed.length === 0;
    for (const [index, one] of parsed.entries()) {
      const id = objects.add("template", { kind: "anyone" }, String(firstSeed + index));
      known.set(id, fromSeed(id, one));
    }
  }

  function of(accountId: string | undefined): readonly StoredTemplate[] {
    return [...known.values()].filter((one) => one.accountId === undefined || one.accountId === accountId);
  }

  function namedBy(message: Readonly<Record<string, unknown>>, accountId: string | undefined) {
    const content = message["template"];
    if (!isRecord(content)) return undefined;
    const code = isRecord(content["language"]) ? String(content["language"]["code"]) : "";
    const name = String(content["name"]);
    if (acceptsAny && !names.has(name)) return undefined;
    const candidates = accountId === undefined ? [...known.values()] : of(accountId);
    const found = candidates.find((one) => one.name === name && one.language === code);
    if (found && found.status !== "pending" && found.status !== "rejected") return found;
    return { code: 132001, details: `template name (${name}) does not exist in ${code}` };
  }

  return {
    seed,
    all: () => [...known.values()],
    of,
    find: (id) => known.get(id),
    create(accountId, { name, language, category, format, components }) {
      const id = objects.add("template", { kind: "account", id: accountId });
      const isNamed = isNamedFormat(format, components);
      const needs = needsOf(components, isNamed, category === "authentication");
      const status = "pending";
      const template = { id, accountId, name, language, category, status, isNamed, components, needs } as const;
      known.set(id, template);
      names.add(name);
      return template;
    },
    change(id, change) {
      const before = known.get(id);
      if (!before) return undefined;
      const changed = { ...before, ...change };
      const needs = needsOf(changed.components, changed.isNamed, changed.category === "authentication");
      const after = change.components ? { ...changed, needs } : changed;
      known.set(id, after);
      return after;
    },
    remove(id) {
      known.delete(id);
      objects.remove(id);
    },
    save: () => ({ acceptsAny, names: [...names], templates: [...known.values()] }),
    restore(saved) {
      seed([]);
      acceptsAny = saved.acceptsAny;
      for (const name of saved.names) names.add(name);
      for (const template of saved.templates) {
        const { id, accountId } = template;
        objects.add("template", accountId === undefined ? { kind: "anyone" } : { kind: "account", id: accountId }, id);
        known.set(id, { ...template, accountId });
      }
    },
    namedBy,
    usedBy(message, accountId) {
      const named = namedBy(message, accountId);
      return named && "components" in named ? named : undefined;
    },
  };
}

function fromSeed(id: string, seed: TemplateSeed): StoredTemplate {
  const { name, language, category = "utility", status = "approved", body = 0, header, buttons = [] } = seed;
  return {
    id,
    accountId: undefined,
    name,
    language,
    category,
    status,
    isNamed: typeof body !== "number",
    components: componentsOf(seed),
    needs: { body, header, buttons: buttons.map((button) => (button === "url" ? "Url" : undefined)) },
  };
}
