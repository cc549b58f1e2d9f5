/** Where to go after signing in. A path of the console only: a link must not lead from the sign-in to another site. */
export function returnPathOf(wanted: string | undefined): string {
  return wanted !== undefined && /^\/console(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/.test(wanted) && !wanted.includes("//")
    ? wanted
    : "/console";
}
