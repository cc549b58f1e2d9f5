/** How a store commits unless its options say otherwise. The values are those of SQLite's pragmas of these names. */
export const sqliteMode = { journalMode: "wal", synchronous: "full" } as const;
