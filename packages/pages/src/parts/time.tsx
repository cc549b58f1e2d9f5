import type { Html } from "../document/render.ts";

/** `clock`: 14:05; `second`: 14:05:09; `weekday`: Mon 14:05; `day`: Monday, 2 March; `moment`: all of it. */
export type TimeForm = "clock" | "second" | "weekday" | "day" | "moment";

/** A time: in UTC as it is sent, in the reader's zone once the page's script has run. */
export function Time({ at, form = "moment" }: { at: number | Date; form?: TimeForm }): Html {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <span>—</span>;
  const iso = moment.toISOString();
  return (
    <time datetime={iso} data-local={form}>
      {inUtc[form](iso)}
    </time>
  );
}

const inUtc: Readonly<Record<TimeForm, (iso: string) => string>> = {
  clock: (iso) => iso.slice(11, 16),
  second: (iso) => iso.slice(11, 19),
  weekday: (iso) => `${iso.slice(5, 10)} ${iso.slice(11, 16)}`,
  day: (iso) => iso.slice(0, 10),
  moment: (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`,
};
