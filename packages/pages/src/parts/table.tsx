import type { Child } from "hono/jsx";

import type { Html } from "../document/render.ts";

/** A column of a table of `Row`s. */
export interface Column<Row> {
  readonly heading: string;
  /** `number`: aligned at its end, with digits of one width. `wide`: takes what room there is, and a line of a card. */
  readonly kind?: "number" | "wide";
  /** Whether the column is left out where there is little room. */
  readonly isExtra?: boolean;
  /** Whether a card shows its cell without the heading. The first cell of a card has none. */
  readonly isPlain?: boolean;
  /** What stands in the column of a row. */
  cell(row: Row): Child;
}

/** A table whose rows become cards where there is no room for its columns. */
export interface TableProps<Row> {
  /** What the table is of; shown to screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** An id of each row's element, so that rows keep their place when others come. */
  idOf?(row: Row): string;
}

/** Rows of a kind, one line each. The roles are those of the elements, which browsers drop where CSS does not lay them out as a table. */
export function Table<Row>({ caption, columns, rows, idOf }: TableProps<Row>): Html {
  return (
    <div class="table-frame" role="region" aria-label={caption} tabindex={0}>
      <table role="table">
        <caption class="hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ heading, kind, isExtra }) => (
              <th scope="col" role="columnheader" class={classOf(kind, isExtra)}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr id={idOf?.(row)} role="row">
              {columns.map(({ heading, kind, isExtra, isPlain, cell }, at) => (
                <td role="cell" class={classOf(kind, isExtra)} data-heading={at === 0 || isPlain ? undefined : heading}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf(kind: string | undefined, isExtra: boolean | undefined): string | undefined {
  return [kind, isExtra && "extra"].filter((name) => name).join(" ") || undefined;
}
