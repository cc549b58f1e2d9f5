const longest = 300;

/** A reason as the outbox keeps it: one printable line, whatever a port of somebody else says. */
export function keptReason(reason: string): string {
  return reason
    .slice(0, longest)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, " ");
}
