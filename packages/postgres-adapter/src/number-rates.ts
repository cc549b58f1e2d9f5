import type { Clock, NumberRates, RateNews, SlotAsk, SlotsBooked } from "@message-sender/core/adapter";
import { ResultAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { toUnavailable } from "./database/failure.ts";
import { done } from "./database/rows-of.ts";
import { textArray } from "./database/text-array.ts";
import { createServerClock, type ServerClock } from "./number-rates/server-clock.ts";

/** Times are microseconds of the server's clock. */
interface BookedRow extends NewsRow {
  /** The place of the ask, from 1. */
  readonly ask: number;
  readonly at: number;
  readonly first: number;
  readonly apart: number;
  readonly booked: number;
}

interface NewsRow {
  readonly closed: number | null;
  readonly closed_for: string | null;
  readonly slowed_to: number | null;
  readonly slowed: number | null;
  readonly used_to: number | null;
  readonly used: number | null;
}

const bookSlots = { name: "book slots", text: "SELECT * FROM book_slots($1, $2, $3, $4, $5)" };
const rateNews = { name: "rate news", text: "SELECT * FROM rate_news($1)" };
const askClock = { name: "clock", text: "SELECT clock_us() AS at" };
const reportRate = { name: "report rate", text: "SELECT report_rate($1, $2, $3, $4, $5, $6)" };

/** The first calls of a process that starts take long. An error is a time by which slots of two processes may be too close. */
const goodErrorMs = 1;
const mostSamples = 5;

const micros = (ms: number): number => Math.ceil(ms * 1000);

/** The database's clock orders the slots. Each answer also tells how it compares with this process' clock. */
export function createNumberRates(database: Database, clock: Clock): NumberRates {
  const serverClock = createServerClock();

  let isLearned: Promise<void> | undefined;

  async function sample(): Promise<void> {
    for (let samples = 0; samples < mostSamples && serverClock.errorMs > goodErrorMs; samples += 1) {
      const sentMs = clock.monotonicMs();
      const { rows, repeated } = await database.run<Pick<BookedRow, "at">>(askClock);
      if (rows[0] && !repeated) serverClock.learn(rows[0].at / 1000, sentMs, clock.monotonicMs());
    }
  }

  async function learnClock(): Promise<void> {
    try {
      await (isLearned ??= sample());
    } catch (cause) {
      isLearned = undefined;
      throw cause;
    }
  }

  async function book(asks: readonly SlotAsk[], aheadMs: number): Promise<readonly SlotsBooked[]> {
    if (asks.length === 0) return [];
    await learnClock();
    const sentMs = clock.monotonicMs();
    const { rows, repeated } = await database.run<BookedRow>(bookSlots, [
      textArray(asks.map(({ number }) => number)),
      asks.map(({ wanted }) => wanted),
      asks.map(({ spacingMs }) => micros(spacingMs)),
      asks.map(({ share }) => share),
      micros(aheadMs),
    ]);
    const [row] = rows;
    if (row && !repeated) serverClock.learn(row.at / 1000, sentMs, clock.monotonicMs());
    const byPlace = rows.toSorted((one, other) => one.ask - other.ask);
    return byPlace.map((booked, index) => slotsOf(booked, asks[index]?.number ?? "", serverClock));
  }

  async function news(numbers: readonly string[]): Promise<ReadonlyMap<string, RateNews>> {
    if (numbers.length === 0) return new Map();
    await learnClock();
    const { rows } = await database.run<NewsRow & { readonly number: string }>(rateNews, [textArray(numbers)]);
    const found = rows.map(({ number, ...row }) => [number, newsOf(row, serverClock)] as const);
    return new Map(found.filter(([, one]) => Object.keys(one).length > 0));
  }

  return {
    news: (numbers) => ResultAsync.fromPromise(news(numbers), toUnavailable),
    book: (asks, aheadMs) => ResultAsync.fromPromise(book(asks, aheadMs), toUnavailable),
    report(number, change) {
      const values =
        change.kind === "closed"
          ? [micros(change.forMs), change.reason, null, null, null]
          : change.kind === "slowed"
            ? [null, null, change.share, null, null]
            : [null, null, null, change.share, micros(change.forMs)];
      return done(database, reportRate, [number, ...values]);
    },
  };
}

function slotsOf(row: BookedRow, number: string, clock: ServerClock): SlotsBooked {
  const { booked, apart, first } = row;
  return { number, booked, spacingMs: apart / 1000, firstAtMs: clock.toMonotonic(first / 1000), ...newsOf(row, clock) };
}

function newsOf({ closed, closed_for: reason, ...row }: NewsRow, { toMonotonic }: ServerClock): RateNews {
  return {
    ...(closed !== null && { closed: { untilMs: toMonotonic(closed / 1000), reason: reason ?? "" } }),
    ...(row.slowed !== null && {
      slowed: { share: row.slowed_to ?? 1, atMs: toMonotonic(row.slowed / 1000) },
    }),
    ...(row.used !== null && { usage: { share: row.used_to ?? 1, untilMs: toMonotonic(row.used / 1000) } }),
  };
}
