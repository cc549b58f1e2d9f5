/** What the servers and those who call them agree on. */
export const appSecret = "a-secret-of-the-bench";
export const graphConnections = 256;

/** Each outlet has a UUID and a phone number of its own. */
export function outletId(outlet: number): string {
  return `0b9d4a3e-6c1f-4f0a-9d53-${String(outlet).padStart(12, "0")}`;
}

export function phoneNumberIdOf(id: string): string {
  return `106${id.slice(-12)}`;
}
