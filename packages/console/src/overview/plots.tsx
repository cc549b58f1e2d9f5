import { Table, Time } from "@message-sender/pages";

import { roughDuration } from "../words/duration.ts";
import { countText } from "../words/figures.ts";
import type { Hour } from "./hour.ts";

/** A line of a plot. `tone` names a colour of the style sheet. */
interface Line {
  readonly label: string;
  readonly tone: string;
  readonly values: readonly (number | undefined)[];
}

interface PlotProps {
  readonly title: string;
  readonly unit: "count" | "ms";
  readonly hour: Hour;
  readonly lines: readonly Line[];
  /** The same by minutes, for the table. */
  readonly minutes: readonly Line[];
}

const slotsPerMinute = 6;

/** A plot of the last hour, with the same figures by minutes in a table for those who do not see it. */
export function Plot({ title, unit, hour, lines, minutes }: PlotProps) {
  const figures = {
    times: hour.times.map((at) => at / 1000),
    unit,
    lines: lines.map(({ values, ...line }) => ({ ...line, values: values.map((value) => rounded(value)) })),
  };
  const text = (value: number | undefined) => {
    if (value === undefined) return "–";
    return unit === "count" ? countText(value) : roughDuration(value);
  };
  const rows = hour.times.flatMap((at, index) =>
    index % slotsPerMinute === 0 ? [{ at, minute: index / slotsPerMinute }] : [],
  );
  return (
    <figure class="plot" aria-label={title} data-plot={JSON.stringify(figures)}>
      <div class="plot-canvas" data-keep="" data-canvas="" aria-hidden="true" />
      <details class="more">
        <summary>{title}: the figures</summary>
        <div class="plot-table">
          <Table
            caption={`${title}, by minutes, the latest first`}
            rows={rows.toReversed()}
            columns={[
              { heading: "From", cell: ({ at }) => <Time at={at} form="clock" /> },
              ...minutes.map(({ label, values }) => ({
                heading: label,
                kind: "number" as const,
                cell: ({ minute }: (typeof rows)[number]) => text(values[minute]),
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}

/** The sums of each minute. */
export function byMinutes(values: readonly number[]): readonly number[] {
  const minutes: number[] = [];
  for (const [index, value] of values.entries()) {
    const minute = Math.floor(index / slotsPerMinute);
    minutes[minute] = (minutes[minute] ?? 0) + value;
  }
  return minutes;
}

/** The highest of each minute. */
export function highestByMinutes(values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  return Array.from({ length: Math.ceil(values.length / slotsPerMinute) }, (_, minute) => {
    const within = values
      .slice(minute * slotsPerMinute, (minute + 1) * slotsPerMinute)
      .filter((value) => value !== undefined);
    return within.length === 0 ? undefined : Math.max(...within);
  });
}
