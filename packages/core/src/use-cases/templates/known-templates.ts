import type { Identifier } from "../../content/identifiers.ts";
import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import { type WantedParameters, wantedParametersOf } from "../../domain/templates/wanted-parameters.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AccountCredential, Templates } from "../../ports/templates.ts";

/** A template, with the parameters that its messages have to give. */
export interface KnownTemplate extends Pick<TemplateDefinition, "name" | "language" | "status"> {
  readonly wanted: WantedParameters;
}

/** The templates of the accounts that send some. */
export interface KnownTemplates {
  /**
   * The template, as it was up to `maxAgeMs` ago. Undefined if there is none, or if it is not known: the list cannot be read, or
   * takes longer than two seconds. Concurrent calls share one request for the list.
   */
  find(account: Account, name: string, language: string, maxAgeMs: number): Promise<KnownTemplate | undefined>;
  /** Forgets what is known about an account, because something has changed there. */
  forget(wabaId: string): void;
  /** Forgets what is known about an account if it is older than `maxAgeMs`, because WhatsApp has contradicted it. */
  doubt(account: Account, maxAgeMs: number): void;
}

/** An account, as one tenant uses it: what one tenant's access token may read is not shown to another. */
export interface Account {
  readonly tenantId: Identifier;
  readonly credential: AccountCredential;
}

interface Entry {
  readonly templates?: ReadonlyMap<string, KnownTemplate>;
  /** When it was read, or could not be read; by monotonic time. */
  readonly atMs: number;
}

const mostWaitMs = 2000;
/** A list that could not be read is not asked for again. Meta allows 200 such calls an hour for each account. */
const failureKeptMs = 60_000;
const mostAccounts = 10_000;
/** Meta allows an account 6,000 (Cloud API, "Templates: template limits"). */
const mostTemplates = 200_000;

export function createKnownTemplates(templates: Templates, clock: Clock): KnownTemplates {
  /** The one that was read last is the last. */
  const entries = new Map<string, Entry>();
  /** Those in progress. Each ends once the list was read, or after two seconds. */
  const readings = new Map<string, Promise<unknown>>();
  let count = 0;

  function put(key: string, entry: Entry | undefined): void {
    count -= entries.get(key)?.templates?.size ?? 0;
    entries.delete(key);
    if (!entry) return;
    count += entry.templates?.size ?? 0;
    entries.set(key, entry);
  }

  function keep(key: string, entry: Entry): void {
    put(key, entry);
    for (const oldest of entries.keys()) {
      if ((count <= mostTemplates && entries.size <= mostAccounts) || oldest === key) return;
      put(oldest, undefined);
    }
  }

  function read(key: string, credential: AccountCredential): Promise<unknown> {
    const known = readings.get(key);
    if (known) return known;
    const listed = listOf(templates, credential).then((list) => {
      // Something has changed since it was asked for.
      if (readings.get(key) !== reading) return;
      readings.delete(key);
      keep(key, { atMs: clock.monotonicMs(), ...(list && { templates: list }) });
    });
    const reading: Promise<unknown> = clock.sleep(mostWaitMs, listed);
    readings.set(key, reading);
    return reading;
  }

  return {
    async find(account, name, language, maxAgeMs) {
      const key = keyOf(account);
      const isFresh = (entry: Entry | undefined): boolean =>
        entry !== undefined && clock.monotonicMs() - entry.atMs < (entry.templates ? maxAgeMs : failureKeptMs);
      if (!isFresh(entries.get(key))) await read(key, account.credential);
      const entry = entries.get(key);
      return isFresh(entry) ? entry?.templates?.get(nameOf(name, language)) : undefined;
    },
    forget(wabaId) {
      for (const known of [entries, readings]) {
        for (const key of known.keys()) {
          if (!key.startsWith(`${wabaId}/`)) continue;
          put(key, undefined);
          readings.delete(key);
        }
      }
    },
    doubt(account, maxAgeMs) {
      const entry = entries.get(keyOf(account));
      if (entry && clock.monotonicMs() - entry.atMs >= maxAgeMs) put(keyOf(account), undefined);
    },
  };
}

/** Undefined if it cannot be read. A port that throws must not cost the send. */
async function listOf(
  templates: Templates,
  credential: AccountCredential,
): Promise<ReadonlyMap<string, KnownTemplate> | undefined> {
  try {
    const listed = await templates.list(credential);
    if (listed.isErr()) return undefined;
    return knownOf(listed.value);
  } catch {
    return undefined;
  }
}

/** Which of two that share a name and a language is meant, such as one that is being deleted, is not known. */
function knownOf(definitions: readonly TemplateDefinition[]): ReadonlyMap<string, KnownTemplate> {
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

function keyOf({ tenantId, credential }: Account): string {
  return `${credential.wabaId}/${tenantId}`;
}

function nameOf(name: string, language: string): string {
  return `${name} ${language}`;
}
