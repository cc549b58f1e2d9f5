const date = String.raw`(?<year>[+-]\d{6}|\d{4})(?:-?(?:(?<month>\d{2})(?:-?(?<day>\d{2}))?|W(?<week>\d{2})(?:-?(?<weekday>[1-7]))?|(?<ordinal>\d{3})))?`;
const time = String.raw`(?<hour>\d{2})(?::?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?)?`;
const zone = String.raw`(?<zone>Z|(?<sign>[+\-\u2212])(?<zoneHour>\d{2})(?::?(?<zoneMinute>\d{2}))?)`;
const pattern = new RegExp(`^${date}(?:[T _]+${time} *${zone}?)?$`, "i");

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Longer texts are not parsed. */
const longest = 64;

/**
 * Parses a time in any form of RFC 3339 and ISO 8601: lower case, a space instead of the T, fractions of any length, every form of
 * offset, dates without a time, week dates and ordinal dates. Without an offset it is UTC. Undefined for anything else, such as
 * 30 February.
 */
export function parseIsoTime(value: unknown): Date | undefined {
  if (typeof value !== "string" || value.length > longest) return undefined;
  const { groups } = pattern.exec(value.trim()) ?? {};
  const day = groups && dayOf(groups);
  const within = groups && timeOfDay(groups);
  if (day === undefined || within === undefined) return undefined;
  const at = new Date(day + within);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

type Groups = Readonly<Record<string, string | undefined>>;

function dayOf({ year: yearText, month = "1", day = "1", week, weekday = "1", ordinal }: Groups): number | undefined {
  const year = Number(yearText);
  if (week !== undefined) return weekDay(year, Number(week), Number(weekday));
  if (ordinal !== undefined) return within(year, startOf(year) + (Number(ordinal) - 1) * dayMs);
  const at = new Date(startOf(year));
  at.setUTCMonth(Number(month) - 1, Number(day));
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day) ? at.getTime() : undefined;
}

/** Week 1 contains 4 January. */
function weekDay(year: number, week: number, weekday: number): number | undefined {
  const fourth = startOf(year) + 3 * dayMs;
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs;
  return week >= 1 && week <= 53 ? monday + ((week - 1) * 7 + weekday - 1) * dayMs : undefined;
}

function startOf(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

function within(year: number, at: number): number | undefined {
  return new Date(at).getUTCFullYear() === year ? at : undefined;
}

/** A leap second counts as the second after it, and 24:00 as the next day. */
function timeOfDay(groups: Groups): number | undefined {
  const { hour = "0", minute = "0", second = "0", fraction = "0", sign, zoneHour = "0", zoneMinute = "0" } = groups;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 24 || minutes > 59 || seconds > 60 || Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  if (hours === 24 && (minutes > 0 || seconds > 0 || Number(fraction) > 0)) return undefined;
  const offset = (sign === undefined || sign === "+" ? 1 : -1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
  return (hours * 60 + minutes - offset) * minuteMs + seconds * 1000 + milliseconds;
}
