const longest = 300;

/** A reason as the outbox keeps it: one printable line of up to 300 characters, whatever the port of an embedder says. */
export function keptReason(reason: string): string {
  return reason
    .slice(0, longest)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, " ");
}
