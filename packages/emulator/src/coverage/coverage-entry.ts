/** One operation of the coverage matrix. */
export interface CoverageEntry {
  readonly service: "graph" | "tenant" | "conversation" | "callbacks" | "control";
  readonly operation: string;
  readonly route: string;
  /** `partial`: `notes` says what is missing. */
  readonly status: "supported" | "partial" | "planned";
  /** The test files, relative to the package's `src`, that name the operation or the route. */
  readonly testedBy: readonly string[];
  readonly notes: string;
  /** What the operation supports, by WhatsApp's own names. */
  readonly covers?: CoveredFeatures;
}

/** The features of an operation, by WhatsApp's own names. */
export interface CoveredFeatures {
  readonly messageTypes?: readonly string[];
  readonly interactiveTypes?: readonly string[];
  readonly templateComponents?: readonly string[];
  readonly templateButtons?: readonly string[];
  /** The codes with which a request may be refused, by itself or by a fault. */
  readonly errorCodes?: readonly number[];
}
