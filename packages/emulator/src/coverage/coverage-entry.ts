/** One thing that the emulator can do, or cannot yet. */
export interface CoverageEntry {
  readonly service: "graph" | "tenant" | "conversation" | "control";
  readonly operation: string;
  readonly route: string;
  /** `partial`: the notes say what is missing. */
  readonly status: "supported" | "partial" | "planned";
  /** Test files, from `src` on, that name the operation or the route. */
  readonly testedBy: readonly string[];
  readonly notes: string;
  /** What it is of WhatsApp's own, by WhatsApp's names. */
  readonly covers?: Covered;
}

export interface Covered {
  readonly messageTypes?: readonly string[];
  readonly interactiveTypes?: readonly string[];
  readonly templateComponents?: readonly string[];
  readonly templateButtons?: readonly string[];
  /** What a request is refused with on its own account, or by a fault. */
  readonly errorCodes?: readonly number[];
}

export function entry(
  service: CoverageEntry["service"],
  operation: string,
  route: string,
  status: CoverageEntry["status"],
  testedBy: readonly string[],
  notes: string,
  covers?: Covered,
): CoverageEntry {
  return { service, operation, route, status, testedBy, notes, ...(covers && { covers }) };
}
