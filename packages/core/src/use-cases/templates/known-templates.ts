import type { Identifier } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { AccountCredential, Templates } from "../../ports/templates.ts";
import { createRereadLimit, type RereadLimit } from "./reread-limit.ts";
import { type KnownTemplate, nameOf, readTemplates, type TemplateList } from "./template-list.ts";

/** The templates of the accounts that send some. */
export interface KnownTemplates {
  /**
   * The template, by a list that was asked for at most `maxAgeMs` before this call, or after it. Undefined if there is none, or if it
   * is not known: the list cannot be read, takes longer than two seconds, or was read again so often that it must wait. Concurrent
   * calls share one request for the list.
   */
  find(account: Account, name: string, language: string, maxAgeMs: number): Promise<KnownTemplate | undefined>;
  /** Whether the account's list is known, and good enough to send by. */
  has(account: Account): boolean;
  /** Something has changed at an account: what was asked for before this call is not used any more. */
  forget(wabaId: string): void;
  /** WhatsApp has contradicted what is known about an account: if that was asked for `maxAgeMs` ago or earlier, it is not used any more. */
  doubt(account: Account, maxAgeMs: number): void;
}

/** An account, as one tenant uses it: what one tenant's access token may read is not shown to another. */
export interface Account {
  readonly tenantId: Identifier;
  readonly credential: AccountCredential;
}

/** A request for the list. */
interface Reading {
  readonly askedAtMs: number;
  /** Once the list was read, or after two seconds. */
  readonly ended: Promise<unknown>;
  isOutdated: boolean;
  /** Its result, once there is one: no `list` if it could not be read. */
  result?: { readonly endedAtMs: number; readonly list: TemplateList | undefined };
}

interface Known {
  readonly key: string;
  readonly wabaId: string;
  readonly rereads: RereadLimit;
  /** The newest with a result, and the newest. */
  done?: Reading;
  newest?: Reading;
}

const mostWaitMs = 2000;
/** Before it has this age, a list is read again as often as the limit allows. */
export const longestAgeMs = 300_000;
/** A list that could not be read is not asked for again. */
const failureKeptMs = 60_000;
const mostAccounts = 10_000;
/** Meta allows an account 6,000 (Cloud API, "Templates: template limits"). */
const mostTemplates = 200_000;

export function createKnownTemplates(templates: Templates, clock: Clock, telemetry: Telemetry): KnownTemplates {
  /** The one that was read last is the last. */
  const accounts = new Map<string, Known>();
  const ofWaba = new Map<string, Set<Known>>();
  let count = 0;

  function add(key: string, wabaId: string): Known {
    const added: Known = { key, wabaId, rereads: createRereadLimit() };
    accounts.set(key, added);
    const same = ofWaba.get(wabaId) ?? new Set();
    ofWaba.set(wabaId, same.add(added));
    return added;
  }

  function drop(known: Known): void {
    accounts.delete(known.key);
    const same = ofWaba.get(known.wabaId);
    if (same?.delete(known) === true && same.size === 0) ofWaba.delete(known.wabaId);
    count -= sizeOf(known);
  }

  function keep(known: Known, reading: Reading): void {
    // It was dropped, or a later request was quicker.
    if (accounts.get(known.key) !== known || (known.done && known.done.askedAtMs > reading.askedAtMs)) return;
    count -= sizeOf(known);
    known.done = reading;
    count += sizeOf(known);
    accounts.delete(known.key);
    accounts.set(known.key, known);
    for (const oldest of accounts.values()) {
      if ((count <= mostTemplates && accounts.size <= mostAccounts) || oldest === known) return;
      drop(oldest);
    }
  }

  function read(known: Known, { tenantId, credential }: Account): Promise<unknown> {
    const { wabaId } = known;
    const listed = readTemplates(templates, credential).then((list) => {
      const endedAtMs = clock.monotonicMs();
      if (list.isOk()) telemetry.record({ kind: "TemplatesRead", tenantId, wabaId, count: list.value.size });
      else telemetry.record({ kind: "TemplatesUnavailable", tenantId, wabaId, reason: list.error });
      reading.result = { endedAtMs, list: list.isOk() ? list.value : undefined };
      keep(known, reading);
    });
    const ended = clock.sleep(mostWaitMs, listed);
    const reading: Reading = { askedAtMs: clock.monotonicMs(), ended, isOutdated: false };
    known.newest = reading;
    return ended;
  }

  function mayRead(known: Known, nowMs: number): boolean {
    const { newest, rereads } = known;
    if (!newest) return true;
    if (newest.result && !newest.result.list) return nowMs - newest.result.endedAtMs >= failureKeptMs;
    return nowMs - newest.askedAtMs >= longestAgeMs || rereads.take(nowMs, sizeOf(known));
  }

  return {
    async find(account, name, language, maxAgeMs) {
      const { wabaId } = account.credential;
      const key = `${wabaId}/${account.tenantId}`;
      const nowMs = clock.monotonicMs();
      const isFresh = (reading: Reading | undefined): reading is Reading =>
        reading !== undefined && !reading.isOutdated && reading.askedAtMs > nowMs - maxAgeMs;
      const known = accounts.get(key) ?? add(key, wabaId);
      if (!isFresh(known.done) || !known.done.result?.list) {
        if (isFresh(known.newest) && !known.newest.result) await known.newest.ended;
        else if (mayRead(known, nowMs)) await read(known, account);
      }
      return isFresh(known.done) ? known.done.result?.list?.get(nameOf(name, language)) : undefined;
    },
    has({ tenantId, credential }) {
      const done = accounts.get(`${credential.wabaId}/${tenantId}`)?.done;
      return (
        done?.result?.list !== undefined && !done.isOutdated && clock.monotonicMs() - done.askedAtMs < longestAgeMs
      );
    },
    forget(wabaId) {
      for (const known of ofWaba.get(wabaId) ?? []) outdate(known);
    },
    doubt({ tenantId, credential }, maxAgeMs) {
      const known = accounts.get(`${credential.wabaId}/${tenantId}`);
      if (known?.newest && clock.monotonicMs() - known.newest.askedAtMs >= maxAgeMs) outdate(known);
    },
  };
}

function outdate({ done, newest }: Known): void {
  if (done) done.isOutdated = true;
  if (newest) newest.isOutdated = true;
}

function sizeOf({ done }: Known): number {
  return done?.result?.list?.size ?? 0;
}
