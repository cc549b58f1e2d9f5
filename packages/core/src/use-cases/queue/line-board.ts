import { outletName } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import { createHeap } from "../../time/heap.ts";
import type { LineRef } from "../../ports/store/message-queue.ts";
import { type HeldLine, mayWait, newHeldLine, type TenantWork } from "./held-line.ts";
import { createTurns, type Turns } from "./turns.ts";

/** The lines that are held, by what is to be done with them. */
export interface LineBoard {
  /** Those to read, and those of which a message may begin. */
  readonly toRead: Turns<HeldLine>;
  readonly ready: Turns<HeldLine>;
  /** Those to release. */
  readonly drained: ReadonlySet<HeldLine>;
  /** How many messages are in buffers, and under way. */
  readonly buffered: number;
  readonly begun: number;
  readonly size: number;
  all(): Iterable<HeldLine>;
  find(ref: LineRef): HeldLine | undefined;
  add(ref: LineRef, heldUntilMs: number | undefined): HeldLine;
  takeOut(line: HeldLine): LineRef;
  /** Takes the next line that is to be looked at although nothing has happened to it. It must be placed again. */
  takeDueRecheck(): HeldLine | undefined;
  /** Puts the line where it belongs, after each change. */
  place(line: HeldLine): void;
  setBuffer(line: HeldLine, messages: readonly Message[]): void;
  countBegun(line: HeldLine, change: 1 | -1): void;
  /** Whether nothing of a tenant is under way, and nothing is in a buffer. */
  isIdle(tenantId: string): boolean;
  hasBegun(tenantId: string): boolean;
}

/** After this time another process may have accepted something. */
const staleMs = 300;

export function createLineBoard(nowMs: () => number): LineBoard {
  const lines = new Map<string, HeldLine>();
  const tenants = new Map<string, TenantWork>();
  const toRead = createTurns<HeldLine>();
  const ready = createTurns<HeldLine>();
  const drained = new Set<HeldLine>();
  const rechecks = createHeap<HeldLine>();
  let buffered = 0;
  let begun = 0;

  function tenantOf(id: string): TenantWork {
    const known = tenants.get(id);
    if (known) return known;
    const tenant = { id, lines: 0, buffered: 0, begun: 0 };
    tenants.set(id, tenant);
    return tenant;
  }

  function dropIdle(tenant: TenantWork): void {
    if (tenant.lines === 0 && tenant.begun === 0) tenants.delete(tenant.id);
  }

  function setBuffer(line: HeldLine, messages: readonly Message[]): void {
    const change = messages.length - line.buffer.length;
    buffered += change;
    line.tenant.buffered += change;
    line.buffer = messages;
  }

  function put(turns: Turns<HeldLine>, line: HeldLine, isIn: boolean): void {
    if (isIn) turns.add(line.tenant.id, line);
    else turns.remove(line.tenant.id, line);
  }

  function recheckAt(line: HeldLine, atMs: number): void {
    if (atMs === line.recheckMs) return;
    if (line.recheckPlace) rechecks.remove(line.recheckPlace);
    line.recheckPlace = atMs === Infinity ? undefined : rechecks.add(line, atMs);
    line.recheckMs = atMs;
  }

  /** When time alone changes what is to be done with a line: its hold ends, or what was read of it is stale. */
  function changesMs({ hasMore, isGone, isGivenUp, isRead, readMs, begun, buffer }: HeldLine, opensMs: number): number {
    if (isGone || isGivenUp || isRead) return Infinity;
    if (hasMore) return opensMs > nowMs() ? opensMs : Infinity;
    return begun > 0 || buffer.length > 0 ? readMs + staleMs : Infinity;
  }

  function place(line: HeldLine): void {
    const { buffer, hasMore, low, isGone, isGivenUp, isRead } = line;
    const now = nowMs();
    const opensMs = Math.min(line.heldUntilMs, line.expiresMs);
    const mayRead = hasMore && !isRead && !isGivenUp && now >= opensMs;
    recheckAt(line, changesMs(line, opensMs));
    put(ready, line, !isGone && buffer.length > 0 && mayWait(line, now));
    put(toRead, line, !isGone && mayRead && buffer.length < low);
    const isDry = isGivenUp || (!hasMore && buffer.length === 0);
    if (!isGone && isDry && !isRead && line.begun === 0) drained.add(line);
    else drained.delete(line);
  }

  return {
    toRead,
    ready,
    drained,
    get buffered() {
      return buffered;
    },
    get begun() {
      return begun;
    },
    get size() {
      return lines.size;
    },
    all: () => lines.values(),
    find: (ref) => lines.get(outletName(ref)),
    add(ref, heldUntilMs) {
      const line = newHeldLine(ref, tenantOf(ref.tenantId), heldUntilMs);
      line.tenant.lines += 1;
      lines.set(outletName(ref), line);
      return line;
    },
    takeOut(line) {
      setBuffer(line, []);
      line.isGone = true;
      place(line);
      lines.delete(outletName(line.ref));
      line.tenant.lines -= 1;
      dropIdle(line.tenant);
      return line.ref;
    },
    takeDueRecheck() {
      const line = rechecks.first;
      if (!line || line.recheckMs > nowMs()) return undefined;
      recheckAt(line, Infinity);
      return line;
    },
    place,
    setBuffer,
    countBegun(line, change) {
      begun += change;
      line.begun += change;
      line.tenant.begun += change;
      if (line.isGone) dropIdle(line.tenant);
      else place(line);
    },
    isIdle(tenantId) {
      const tenant = tenants.get(tenantId);
      return !tenant || (tenant.begun === 0 && tenant.buffered === 0);
    },
    hasBegun: (tenantId) => (tenants.get(tenantId)?.begun ?? 0) > 0,
  };
}
