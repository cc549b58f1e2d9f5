import { createHash } from "node:crypto";

/**
 * The cell of a tenant: where it is placed, or else the cell for which SHA-256 of `<cell>/<tenant>` is the highest (rendezvous hashing). The
 * rule never changes: cells and programs in other languages rely on it.
 */
export function cellOf(tenantId: string, cells: readonly string[], placed: ReadonlyMap<string, string>): string {
  const highest = cells
    .map((cell) => ({ cell, weight: weightOf(cell, tenantId) }))
    .reduce((best, other) => (other.weight > best.weight ? other : best));
  return placed.get(tenantId) ?? highest.cell;
}

/** In hexadecimal: of two, the higher one comes later in the alphabet. */
function weightOf(cell: string, tenantId: string): string {
  return createHash("sha256").update(`${cell}/${tenantId}`).digest("hex");
}
