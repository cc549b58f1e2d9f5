/** Where a step is drawn. */
export type Lane = "waits" | "attempts" | "webhooks" | "decisions" | "deliveries";
export type StepTone = "neutral" | "good" | "warn" | "bad" | "info";

/** Something that happened to a message, or that will. */
export interface Step {
  readonly lane: Lane;
  readonly at: Date;
  /** Of something that lasted. */
  readonly until?: Date;
  /** It goes on, or is still to come. */
  readonly isOpen?: boolean;
  readonly tone: StepTone;
  readonly title: string;
  /** Why: what the ledger says. */
  readonly reason?: string;
}
