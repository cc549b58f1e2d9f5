import type { Database } from "../../database/database.ts";
import { hasEnded, type Incarnation } from "./process-identity.ts";

/** Another process of this machine that has the store open, as far as the store knows. */
export interface Neighbour extends Incarnation {
  /** Its id in the store. */
  readonly id: string;
}

const recordDeath = { name: "record death", text: "SELECT record_death($1)" };

/** Records the death of each that is known to have ended. What fails is left for the next time. */
export async function endKnownDead(database: Database, neighbours: readonly Neighbour[]): Promise<void> {
  await Promise.allSettled(neighbours.filter(hasEnded).map(({ id }) => database.run(recordDeath, [id])));
}
