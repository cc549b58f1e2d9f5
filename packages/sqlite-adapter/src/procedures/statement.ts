import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** A prepared statement that returns rows as arrays. */
export interface Statement<Row extends readonly unknown[]> {
  /** Returns the number of changed rows. */
  run(...values: SQLInputValue[]): number;
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): readonly Row[];
  /** Reads a row at a time, with parameters by name. Stop before the statement is used again. */
  each(values: Record<string, SQLInputValue>): Iterable<Row>;
}

/** SQLite looks at a bare `LIMIT ?` when it plans, and so plans the statement anew for each run. It does not look at a sum. */
export function prepare<Row extends readonly unknown[] = never>(database: DatabaseSync, sql: string): Statement<Row> {
  if (/\?\d/.test(sql)) throw new Error("Node binds no numbered parameters before 24.7.");
  const statement = database.prepare(sql.replaceAll("LIMIT ?", "LIMIT ? + 0"));
  statement.setReturnArrays(true);
  return {
    run: (...values) => Number(statement.run(...values).changes),
    get: (...values) => statement.get(...values) as unknown as Row | undefined,
    all: (...values) => statement.all(...values) as unknown as Row[],
    each: (values) => statement.iterate(values) as unknown as Iterable<Row>,
  };
}
