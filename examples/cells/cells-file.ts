import { readFileSync } from "node:fs";

import { cellOf } from "./cell-of.ts";

/** The content of `cells.json`. */
export interface CellsFile {
  /** The address of each cell, by name. */
  readonly cells: Readonly<Record<string, string>>;
  /** Tenants that are in another cell than the hash says. */
  readonly placed?: Readonly<Record<string, string>>;
  /** Tenants that are being moved. */
  readonly moving?: readonly string[];
  /** The tenant of each phone number id and each WhatsApp Business Account id. */
  readonly accounts?: Readonly<Record<string, string>>;
}

export interface Cell {
  readonly name: string;
  readonly url: string;
}

/** Where tenants are. */
export interface Cells {
  readonly all: readonly Cell[];
  ofTenant(tenantId: string): Cell;
  /** The tenant of a phone number id or a WhatsApp Business Account id; undefined if none is known. */
  tenantOf(accountId: unknown): string | undefined;
  isMoving(tenantId: string): boolean;
}

export function readCells(path: string): Cells {
  return openCells(JSON.parse(readFileSync(path, "utf8")) as CellsFile);
}

/** Throws if the file places a tenant in a cell that it does not name: that tenant's messages would go to nobody. */
export function openCells(file: CellsFile): Cells {
  const urls = new Map(Object.entries(file.cells));
  const placed = new Map(Object.entries(file.placed ?? {}));
  const accounts = new Map(Object.entries(file.accounts ?? {}));
  const moving = new Set(file.moving);
  const names = [...urls.keys()];
  if (names.length === 0) throw new Error("cells: name at least one cell");
  for (const [tenantId, name] of placed) {
    if (!urls.has(name)) throw new Error(`placed: ${tenantId} is in ${name}, which is not one of the cells`);
  }
  const all = Array.from(urls, ([name, url]) => ({ name, url }));

  return {
    all,
    ofTenant(tenantId) {
      const name = cellOf(tenantId, names, placed);
      return all.find((cell) => cell.name === name) as Cell;
    },
    tenantOf: (accountId) => (typeof accountId === "string" ? accounts.get(accountId) : undefined),
    isMoving: (tenantId) => moving.has(tenantId),
  };
}
