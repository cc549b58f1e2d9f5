/** What each process can say of itself, and one can ask of all of them: its metrics, or its report for the console. */
export type Subject = "metrics" | "report";

/** This process as one of several that know of each other. */
export interface Peers {
  /** Which one it is, from 1 on. */
  readonly number: number;
  /** Sets how this process answers when one of them asks all of them. */
  offer(subject: Subject, tell: () => Promise<string>): void;
  /** What all of them say of a subject, by their numbers. Undefined if the parent does not answer. */
  collect(subject: Subject): Promise<ReadonlyMap<number, string> | undefined>;
}
