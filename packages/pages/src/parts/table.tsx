import type { Child } from "hono/jsx";

import type { Html } from "../document/render.ts";

/** A column of a table of `Row`s. */
export interface Column<Row> {
  readonly heading: string;
  /** `number`: aligned at its end, with digits of one width. `wide`: takes what room there is. */
  readonly kind?: "number" | "wide";
  /** What stands in the column of a row. */
  cell(row: Row): Child;
}

/** A table that scrolls within itself where the screen is too small for it. */
export interface TableProps<Row> {
  /** What the table is of; shown to screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** An id of each row's element, so that rows keep their place when others come. */
  idOf?(row: Row): string;
}

/** Rows of a kind, one line each. */
export function Table<Row>({ caption, columns, rows, idOf }: TableProps<Row>): Html {
  return (
    <div class="table-frame" role="region" aria-label={caption} tabindex={0}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ heading, kind }) => (
              <th scope="col" class={kind}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr id={idOf?.(row)}>
              {columns.map(({ kind, cell }) => (
                <td class={kind}>{cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
