/** Compares recipients and ignores `+`, spaces, dashes and parentheses. */
export function isSameRecipient(one: string, other: unknown): boolean {
  return bare(one) === bare(String(other));
}

function bare(recipient: string): string {
  return recipient.replace(/[+\-() ]/g, "");
}
