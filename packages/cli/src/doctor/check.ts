/** The result of a check. */
export interface Check {
  readonly name: string;
  /** Undefined if the check passed. */
  readonly problem: string | undefined;
  /** What to do about the problem. */
  readonly advice?: string;
  /** The problem does not stop messages. */
  readonly isWarning?: true;
}

export function passed(name: string): Check {
  return { name, problem: undefined };
}

export function failed(name: string, problem: string, advice: string): Check {
  return { name, problem, advice };
}

export function warned(name: string, problem: string, advice: string): Check {
  return { name, problem, advice, isWarning: true };
}

/** How long each call of a check may take, its whole answer included. */
export const callTimeoutMs = 5000;
