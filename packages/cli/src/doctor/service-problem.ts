/** Why a service cannot be used, from the reason of a failed call. */
export function serviceProblem(reason: string): string {
  return /^(invalid answer|answered HTTP)/.test(reason) ? reason : `cannot be reached (${reason})`;
}
