/** Why a service cannot be used, from the reason of a failed call. The name of the service, where the reason has it, is left out. */
export function serviceProblem(reason: string): string {
  const problem = reason.replace(/^Tenant Service: /, "");
  return /^(invalid answer|answered HTTP)/.test(problem) ? problem : `cannot be reached (${problem})`;
}

/** What to do about a redirect. */
export const redirectAdvice = "set the URL that it redirects to: redirects are not followed";
