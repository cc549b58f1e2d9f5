import type { Migration, Release } from "./release.ts";
import { UnusableStore } from "./unusable-store.ts";

/** A row of the table `migrations`, or what an unreleased version had in a table of that name. */
export interface AppliedMigration {
  readonly number?: number;
  readonly checksum?: string;
  readonly procedures?: string;
}

/** The migrations that the store in `schema` lacks. Throws if this release cannot use the store. */
export function pendingMigrations(
  applied: readonly AppliedMigration[],
  { migrations, procedures }: Release,
  schema: string,
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  const latest = migrations.at(-1)?.number ?? 0;
  if (applied.some(({ number = 0 }) => number > latest)) {
    throw new UnusableStore(`the schema ${schema} was written by a newer version of Message Sender`);
  }
  for (const { number = 0, ...found } of applied) {
    const ours = known.get(number);
    if (!ours || found.checksum !== ours.checksum) throw unreleased(schema);
    if (number === latest && found.procedures !== procedures.checksum) throw unreleased(schema);
  }
  const has = new Set(applied.map(({ number }) => number));
  return migrations.filter(({ number }) => !has.has(number));
}

function unreleased(schema: string): UnusableStore {
  return new UnusableStore(
    `the schema ${schema} was made by an unreleased version of Message Sender, whose tables this version cannot use: ` +
      `name another database, or delete the schema and its messages with DROP SCHEMA ${schema} CASCADE`,
  );
}
