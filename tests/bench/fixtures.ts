/** Values that the server under test and its callers share. */
export const appSecret = "a-secret-of-the-bench";
export const graphConnections = 256;

/** Each outlet has its own UUID and phone number. */
export function outletId(outlet: number): string {
  return `0b9d4a3e-6c1f-4f0a-9d53-${String(outlet).padStart(12, "0")}`;
}

export function phoneNumberIdOf(id: string): string {
  return `106${id.slice(-12)}`;
}
