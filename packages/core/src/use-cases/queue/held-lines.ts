import type { MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import type { LineRef } from "../../ports/store/message-queue.ts";
import { countGrant, type HeldLine, mayWait, nameOf, newHeldLine, type TenantWork } from "./held-line.ts";
import { createTurns } from "./turns.ts";

/** A message to begin. */
export interface NextMessage {
  readonly line: HeldLine;
  readonly message: Message;
}

/** Lines to read together. */
interface ReadPlan {
  readonly lines: readonly HeldLine[];
  readonly each: number;
}

/** The lines that this process holds: which of them to read, and whose turn it is. It does no work itself. */
export interface HeldLines {
  add(refs: readonly LineRef[]): void;
  find(ref: LineRef): HeldLine | undefined;
  /** Something may be due on a line. */
  stir(line: HeldLine): void;
  /** Notes that time has passed: holds have ended, and another process may have accepted something. */
  pass(): void;
  /** Which lines to read: tenants in turn, lines in turn, as many as there is room for. */
  toRead(): readonly ReadPlan[];
  /** Notes what was read. */
  read(plan: ReadPlan, messages: readonly Message[]): void;
  /** The next message to begin: tenants in turn, lines in turn. Undefined if there is none, or no room. */
  next(): NextMessage | undefined;
  /** Its attempt begins or ends to have a permit. */
  permitted(line: HeldLine, change: 1 | -1): void;
  /** Pacing holds the number of the line back. */
  holdBack(line: HeldLine, untilMs: number): void;
  /** A delivery has ended. One that changed nothing is not begun again for a while. */
  ended(next: NextMessage, hasChanged: boolean): void;
  /** Takes out the lines to release: those on which nothing is due, and `surplus` more on which nothing is under way. */
  toRelease(surplus: number): readonly LineRef[];
  /** Takes out all lines on which nothing is under way. */
  releaseAll(): readonly LineRef[];
  /** Forgets all lines and all that was read. */
  forget(): void;
  /** Whether there are lines to read or to release. */
  readonly hasWork: boolean;
}

const linesAtOnce = 256;
const readAtOnce = 768;
const leastEach = 2;
const mostEach = 48;
const begunAtOnce = 512;
/** Room for tenants of whom nothing is under way. */
const begunAtMost = 768;
const restMs = 1000;
const staleMs = 300;
const probedForMs = 10_000;

interface HeldLinesParts {
  readonly nowMs: () => number;
  /** When a message expires, in monotonic time. */
  readonly expiresMs: (message: Message) => number;
  readonly isPaused: (line: LineRef) => boolean;
}

export function createHeldLines({ nowMs, expiresMs, isPaused }: HeldLinesParts): HeldLines {
  const lines = new Map<string, HeldLine>();
  const tenants = new Map<string, TenantWork>();
  const hungry = createTurns<HeldLine>();
  const ready = createTurns<HeldLine>();
  const drained = new Set<HeldLine>();
  const underWay = new Set<MessageId>();
  /** Those that have ended since the last read began: it may have seen them as they were before. */
  const endedLately = new Set<MessageId>();
  const resting = new Map<MessageId, number>();
  /** Until when pacing holds lines back, by name. Kept for lines that are released meanwhile. */
  const held = new Map<string, number>();
  let buffered = 0;
  let begun = 0;

  const isIdle = (tenantId: string): boolean => {
    const tenant = tenants.get(tenantId);
    return !tenant || (tenant.begun === 0 && tenant.buffered === 0);
  };

  function setBuffer(line: HeldLine, messages: readonly Message[]): void {
    const change = messages.length - line.buffer.length;
    buffered += change;
    line.tenant.buffered += change;
    line.buffer = messages;
  }

  /** Puts the line where it belongs. */
  function place(line: HeldLine): void {
    const { tenant, buffer, hasMore } = line;
    const now = nowMs();
    const isReady = !line.isGone && buffer.length > 0 && mayWait(line, now);
    const isHungry =
      !line.isGone && hasMore && buffer.length < line.low && now >= Math.min(line.heldUntilMs, line.expiresMs);
    if (isReady) ready.add(tenant.id, line);
    else ready.remove(tenant.id, line);
    if (isHungry) hungry.add(tenant.id, line);
    else hungry.remove(tenant.id, line);
    if (!line.isGone && !hasMore && buffer.length === 0 && line.begun === 0) drained.add(line);
    else drained.delete(line);
  }

  function takeOut(line: HeldLine): LineRef {
    setBuffer(line, []);
    line.isGone = true;
    place(line);
    lines.delete(nameOf(line.ref));
    line.tenant.lines -= 1;
    dropIdle(line.tenant);
    return line.ref;
  }

  function dropIdle(tenant: TenantWork): void {
    if (tenant.lines === 0 && tenant.begun === 0) tenants.delete(tenant.id);
  }

  function holdBack(line: HeldLine, untilMs: number): void {
    const now = nowMs();
    if (line.isGone || now < line.heldUntilMs) return;
    if (line.buffer.length > 0) line.expiresMs = firstExpiry(line.buffer);
    // What is not known is read soon; a hold that goes on knows it already.
    else if (now - line.heldUntilMs > restMs) line.expiresMs = now + restMs;
    line.heldUntilMs = untilMs;
    held.set(nameOf(line.ref), untilMs);
    line.hasMore = true;
    line.low = 1;
    setBuffer(line, []);
    place(line);
  }

  /** What is paused is held back until the next look. */
  function holdPaused(line: HeldLine): void {
    if (isPaused(line.ref)) holdBack(line, nowMs() + restMs);
  }

  function tenantOf(id: string): TenantWork {
    const known = tenants.get(id);
    if (known) return known;
    const tenant = { id, lines: 0, buffered: 0, begun: 0 };
    tenants.set(id, tenant);
    return tenant;
  }

  function mayBegin(message: Message, now: number): boolean {
    if (underWay.has(message.id) || endedLately.has(message.id)) return false;
    const restsUntil = resting.get(message.id);
    return restsUntil === undefined || now >= restsUntil;
  }

  return {
    get hasWork() {
      return !hungry.isEmpty || drained.size > 0;
    },
    add(refs) {
      for (const ref of refs) {
        if (lines.has(nameOf(ref))) continue;
        const line = newHeldLine(ref, tenantOf(ref.tenantId), held.get(nameOf(ref)));
        line.tenant.lines += 1;
        lines.set(nameOf(ref), line);
        holdPaused(line);
        place(line);
      }
    },
    find: (ref) => lines.get(nameOf(ref)),
    stir(line) {
      line.hasMore = true;
      place(line);
    },
    pass() {
      const now = nowMs();
      for (const times of [resting, held]) for (const [name, until] of times) if (now >= until) times.delete(name);
      for (const line of lines.values()) {
        if (!line.hasMore && now - line.readMs >= staleMs) line.hasMore = true;
        holdPaused(line);
        place(line);
      }
    },
    toRead() {
      const picked: HeldLine[] = [];
      let room = readAtOnce - buffered;
      const mayRead = (tenantId: string) => room > 0 || isIdle(tenantId);
      while (picked.length < linesAtOnce) {
        const line = hungry.take(mayRead);
        if (!line) break;
        picked.push(line);
        room -= leastEach;
      }
      if (picked.length === 0) return [];
      endedLately.clear();
      const each = Math.max(leastEach, Math.min(mostEach, Math.floor((readAtOnce - buffered) / picked.length)));
      return inGroups(picked).map(({ known, lines }) => ({ lines, each: each + known }));
    },
    read({ lines: wanted, each }, messages) {
      const now = nowMs();
      const found = new Map<string, Message[]>(wanted.map(({ ref }) => [nameOf(ref), []]));
      for (const message of messages) found.get(nameOf(message.request.outlet))?.push(message);
      for (const line of wanted) {
        if (line.isGone) continue;
        const due = found.get(nameOf(line.ref)) ?? [];
        const isHeldBack = now < line.heldUntilMs;
        const begins = due.filter((message) => mayBegin(message, now) && (!isHeldBack || now > expiresMs(message)));
        line.readMs = now;
        line.hasMore = isHeldBack || due.length >= each;
        line.expiresMs = isHeldBack ? expiryAfter(due, begins, due.length >= each, now) : Infinity;
        line.low = Math.max(1, Math.floor(begins.length / 3));
        setBuffer(line, wasHeldBack(line, now) ? byAttempts(begins) : begins);
        place(line);
      }
    },
    next() {
      if (begun >= begunAtMost) return undefined;
      const line = ready.take((tenantId) => begun < begunAtOnce || (tenants.get(tenantId)?.begun ?? 0) === 0);
      const message = line?.buffer[0];
      if (!line || !message) return undefined;
      setBuffer(line, line.buffer.slice(1));
      underWay.add(message.id);
      begun += 1;
      line.begun += 1;
      line.tenant.begun += 1;
      place(line);
      return { line, message };
    },
    permitted(line, change) {
      line.permitted += change;
      if (change === 1) countGrant(line, nowMs());
      place(line);
    },
    holdBack,
    ended({ line, message }, hasChanged) {
      const now = nowMs();
      underWay.delete(message.id);
      endedLately.add(message.id);
      begun -= 1;
      line.begun -= 1;
      line.tenant.begun -= 1;
      if (!hasChanged && now >= line.heldUntilMs) resting.set(message.id, now + restMs);
      if (line.isGone) dropIdle(line.tenant);
      else place(line);
    },
    toRelease(surplus) {
      const released = [...drained].map(takeOut);
      for (const line of lines.values()) {
        if (released.length >= surplus) break;
        if (line.begun === 0) released.push(takeOut(line));
      }
      return released;
    },
    releaseAll() {
      resting.clear();
      return [...lines.values()].filter((line) => line.begun === 0).map(takeOut);
    },
    forget() {
      for (const line of lines.values()) takeOut(line);
    },
  };

  function firstExpiry(messages: readonly Message[]): number {
    return messages.reduce((first, message) => Math.min(first, expiresMs(message)), Infinity);
  }

  /** When to look for expired messages again: at once if all that were read have expired and there may be more. */
  function expiryAfter(due: readonly Message[], expired: readonly Message[], isFull: boolean, now: number): number {
    if (isFull && expired.length > 0) return now;
    return Math.max(now + restMs, firstExpiry(due.filter((message) => !expired.includes(message))));
  }
}

/** Whether its number was held back until lately. */
function wasHeldBack({ heldUntilMs }: HeldLine, nowMs: number): boolean {
  return nowMs - heldUntilMs < probedForMs;
}

/** Those with the fewest attempts first: an outage must not use up the schedule of one message, probe after probe. */
function byAttempts(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((one, other) => one.attempts.length - other.attempts.length);
}

/** Lines with about as many messages that are known already, which a read returns again. */
function inGroups(lines: readonly HeldLine[]): { readonly known: number; readonly lines: HeldLine[] }[] {
  const groups = new Map<number, HeldLine[]>();
  for (const line of lines) {
    const count = line.buffer.length + line.begun - line.permitted;
    const known = count === 0 ? 0 : 2 ** Math.ceil(Math.log2(count));
    const group = groups.get(known);
    if (group) group.push(line);
    else groups.set(known, [line]);
  }
  return Array.from(groups, ([known, grouped]) => ({ known, lines: grouped }));
}
