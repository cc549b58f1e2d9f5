import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { cellOf } from "./cell-of.ts";
import type { CellsFile } from "./cells-file.ts";

/** Adds a cell. A tenant that has messages stays where they are: the new cell gets new tenants, and those that are moved. */
export function addCell(file: CellsFile, name: string, url: string, tenantIds: readonly string[]): CellsFile {
  const before = Object.keys(file.cells);
  const placed = new Map(Object.entries(file.placed ?? {}));
  const stays = tenantIds
    .map((tenantId) => ({ tenantId, cell: cellOf(tenantId, before, placed) }))
    .filter(({ tenantId, cell }) => cellOf(tenantId, [...before, name], placed) !== cell);
  for (const { tenantId, cell } of stays) placed.set(tenantId, cell);
  return { ...file, cells: { ...file.cells, [name]: url }, placed: Object.fromEntries(placed) };
}

if (import.meta.main) {
  const [path = "", name = "", url = ""] = parseArgs({ allowPositionals: true }).positionals;
  if (url === "") {
    console.error("Usage: node add-cell.ts <cells.json> <name> <url> < tenants.txt");
    process.exit(2);
  }
  const tenantIds = readFileSync(process.stdin.fd, "utf8").split("\n").filter(Boolean);
  console.log(
    JSON.stringify(addCell(JSON.parse(readFileSync(path, "utf8")) as CellsFile, name, url, tenantIds), null, 2),
  );
}
