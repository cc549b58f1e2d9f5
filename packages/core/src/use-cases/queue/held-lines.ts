import { outletName } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import type { LineRef } from "../../ports/store/message-queue.ts";
import { countGrant, type HeldLine } from "./held-line.ts";
import { createLineBoard } from "./line-board.ts";
import { byAttempts, leastEach, linesAtOnce, plansFor, readAtOnce, type ReadFor, type ReadPlan } from "./read-plan.ts";
import { createUnreadChanges } from "./unread-changes.ts";

/** A message to begin. */
export interface NextMessage {
  readonly line: HeldLine;
  readonly message: Message;
}

/** The lines that this process holds: which of them to read, and whose turn it is. It does no work itself. */
export interface HeldLines {
  add(refs: readonly LineRef[]): void;
  find(ref: LineRef): HeldLine | undefined;
  /** Something may be due on a line. */
  markDue(line: HeldLine): void;
  /** Notes that time has passed: holds have ended, and another process may have accepted something. Looks at such lines alone. */
  recheck(): void;
  /** How many more lines to claim at once. */
  readonly room: number;
  /** Which lines to read: tenants in turn, lines in turn, as many as there is room for. Each plan must be told to `read`. */
  toRead(which: ReadFor): readonly ReadPlan[];
  /** Notes what was read; undefined if that failed. */
  read(plan: ReadPlan, messages: readonly Message[] | undefined): void;
  /** The next message to begin: tenants in turn, lines in turn. Undefined if there is none, or no room. */
  next(): NextMessage | undefined;
  /** Its attempt begins or ends to have a permit. */
  permitted(line: HeldLine, change: 1 | -1): void;
  /** Pacing holds the number of the line back. */
  holdBack(line: HeldLine, untilMs: number): void;
  /** A delivery has ended. One that changed nothing is not begun again for a while. */
  ended(next: NextMessage, hasChanged: boolean): void;
  /**
   * Begins nothing more on so many lines, as of the last heartbeat: they are released once nothing is under way there. If as many are held
   * as may be, some more of them make room for others.
   */
  giveUp(surplus: number): void;
  /** Takes out the lines to release: those on which nothing is due, and those that are given up. */
  toRelease(): readonly LineRef[];
  /** Takes out all lines on which nothing is under way. */
  releaseAll(): readonly LineRef[];
  /** Forgets all lines and all that was read. Returns the lines. */
  forget(): readonly LineRef[];
  /** Whether no line is held. */
  readonly isEmpty: boolean;
  /** Whether there are lines to read. */
  readonly needsRead: boolean;
  /** Whether there are lines to release. */
  readonly isDrained: boolean;
}

/** How many may be under way. The rest is room for tenants of whom nothing is. */
const begunAtOnce = 512;
const begunAtMost = 768;
const restMs = 1000;
/** Each costs memory only. Where more are due, the lines take turns. */
const mostHeld = 10_000;
/** Holds of released lines are forgotten in time, all at once. */
const leastHolds = 1000;
const probedForMs = 10_000;
/** A heartbeat must have counted those lines that were given up before. */
const giveUpMs = 2000;

interface HeldLinesParts {
  readonly nowMs: () => number;
  /** When a message expires, in monotonic time. */
  readonly expiresMs: (message: Message) => number;
  readonly isPaused: (line: LineRef) => boolean;
}

export function createHeldLines({ nowMs, expiresMs, isPaused }: HeldLinesParts): HeldLines {
  const board = createLineBoard(nowMs);
  const changes = createUnreadChanges(nowMs);
  const { ready, drained, place, setBuffer, takeOut } = board;
  /** Until when pacing holds lines back, by name. Kept for lines that are released meanwhile. */
  const held = new Map<string, number>();
  let sweepAbove = leastHolds;
  let gaveUpMs = -Infinity;

  function holdBack(line: HeldLine, untilMs: number): void {
    const now = nowMs();
    if (line.isGone || now < line.heldUntilMs) return;
    if (line.buffer.length > 0) line.expiresMs = firstExpiry(line.buffer);
    // What is not known is read soon; a hold that goes on knows it already.
    else if (now - line.heldUntilMs > restMs) line.expiresMs = now + restMs;
    line.heldUntilMs = untilMs;
    held.set(outletName(line.ref), untilMs);
    if (held.size > sweepAbove) sweepHolds(now);
    line.hasMore = true;
    line.low = 1;
    setBuffer(line, []);
    place(line);
  }

  function sweepHolds(now: number): void {
    for (const [name, until] of held) if (now >= until) held.delete(name);
    sweepAbove = Math.max(leastHolds, 2 * held.size);
  }

  /** Holds back what is paused, until the next look. Returns whether it does: what is held back already may have expired. */
  function holdPaused(line: HeldLine): boolean {
    const now = nowMs();
    if (now < line.heldUntilMs || !isPaused(line.ref)) return false;
    holdBack(line, now + restMs);
    return true;
  }

  function firstExpiry(messages: readonly Message[]): number {
    return messages.reduce((first, message) => Math.min(first, expiresMs(message)), Infinity);
  }

  /** Notes the messages of a line that are due. While it is held back, only those begin that have expired. */
  function note(line: HeldLine, due: readonly Message[], { each, read }: ReadPlan): void {
    const now = nowMs();
    const isHeldBack = now < line.heldUntilMs;
    const isFull = due.length >= each;
    const begins = due.filter(
      (message) => changes.mayBegin(message.id, read) && (!isHeldBack || now > expiresMs(message)),
    );
    line.readMs = now;
    line.hasMore = isHeldBack || isFull;
    line.expiresMs = isHeldBack ? expiryAfter(due, begins, isFull, now) : Infinity;
    line.low = Math.max(1, Math.floor(begins.length / 3));
    const wasHeldBack = now - line.heldUntilMs < probedForMs;
    setBuffer(line, wasHeldBack ? byAttempts(begins) : begins);
  }

  /** When to look for expired messages again: at once if all that were read have expired and there may be more. */
  function expiryAfter(due: readonly Message[], expired: readonly Message[], isFull: boolean, now: number): number {
    if (isFull && expired.length > 0) return now;
    return Math.max(now + restMs, firstExpiry(due.filter((message) => !expired.includes(message))));
  }

  return {
    get isEmpty() {
      return board.size === 0;
    },
    get needsRead() {
      return !board.toRead.isEmpty;
    },
    get isDrained() {
      return drained.size > 0;
    },
    add(refs) {
      for (const ref of refs) {
        if (board.find(ref)) continue;
        const line = board.add(ref, held.get(outletName(ref)));
        holdPaused(line);
        place(line);
      }
    },
    find: board.find,
    markDue(line) {
      line.hasMore = true;
      place(line);
    },
    recheck() {
      for (let line = board.takeDueRecheck(); line; line = board.takeDueRecheck()) {
        line.hasMore = true;
        holdPaused(line);
        place(line);
      }
    },
    get room() {
      return Math.max(0, Math.min(linesAtOnce, mostHeld - board.size));
    },
    toRead(which) {
      const picked: HeldLine[] = [];
      const room = readAtOnce - board.buffered;
      let left = room;
      const mayRead = (tenantId: string) => (which === "all" && left > 0) || board.isIdle(tenantId);
      while (picked.length < linesAtOnce) {
        const line = board.toRead.take(mayRead);
        if (!line) break;
        if (holdPaused(line)) continue;
        line.isRead = true;
        picked.push(line);
        left -= leastEach;
      }
      return plansFor(picked, room).map((plan) => ({ ...plan, read: changes.readBegins() }));
    },
    read(plan, messages) {
      const found = new Map<string, Message[]>(plan.lines.map(({ ref }) => [outletName(ref), []]));
      for (const message of messages ?? []) found.get(outletName(message.request.outlet))?.push(message);
      for (const line of plan.lines) {
        line.isRead = false;
        if (line.isGone) continue;
        if (messages && !line.isGivenUp) note(line, found.get(outletName(line.ref)) ?? [], plan);
        place(line);
      }
      changes.readEnds(plan.read);
    },
    next() {
      if (board.begun >= begunAtMost) return undefined;
      const mayBegin = (tenantId: string) => board.begun < begunAtOnce || !board.hasBegun(tenantId);
      let line = ready.take(mayBegin);
      while (line && holdPaused(line)) line = ready.take(mayBegin);
      const message = line?.buffer[0];
      if (!line || !message) return undefined;
      setBuffer(line, line.buffer.slice(1));
      changes.began(message.id);
      board.countBegun(line, 1);
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
      changes.ended(message.id, hasChanged || now < line.heldUntilMs ? undefined : now + restMs);
      board.countBegun(line, -1);
    },
    giveUp(surplus) {
      const now = nowMs();
      const wanted = Math.max(surplus, board.size < mostHeld ? 0 : linesAtOnce);
      if (wanted === 0 || now - gaveUpMs < giveUpMs) return;
      gaveUpMs = now;
      const others = [...board.all()].filter(({ isGivenUp }) => !isGivenUp);
      const count = Math.max(0, wanted - (board.size - others.length));
      for (const line of others.toSorted(byUse).slice(0, count)) {
        line.isGivenUp = true;
        setBuffer(line, []);
        place(line);
      }
    },
    toRelease: () => [...drained].map(takeOut),
    releaseAll() {
      changes.clearBackoff();
      return [...board.all()].filter((line) => line.begun === 0).map(takeOut);
    },
    forget: () => [...board.all()].map(takeOut),
  };
}

/** Those that are needed least first: nothing is under way, and their number is held back the longest. */
function byUse(one: HeldLine, other: HeldLine): number {
  return one.begun - other.begun || other.heldUntilMs - one.heldUntilMs || 0;
}
