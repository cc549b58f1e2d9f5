/** Returns the `wa_id` of a phone number's digits. */
export type ResolveWaId = (digits: string) => string;

/** `realistic`: WhatsApp's known rules for Mexico, Argentina and Brazil. A table maps digits to digits. */
export type WaIdOption = "realistic" | Readonly<Record<string, string>> | ResolveWaId;

/** Default: the digits themselves. */
export function waIdResolver(option: WaIdOption = {}): ResolveWaId {
  if (option === "realistic") return realisticWaId;
  if (typeof option === "function") return option;
  const table = new Map(Object.entries(option).map(([from, to]) => [from.replace(/\D/g, ""), to.replace(/\D/g, "")]));
  return (digits) => table.get(digits) ?? digits;
}

/** Mexican and Argentine mobile numbers gain a digit. Brazilian ones with an area code above 28 lose their ninth. */
function realisticWaId(digits: string): string {
  return digits
    .replace(/^52(\d{10})$/, "521$1")
    .replace(/^54(\d{10})$/, "549$1")
    .replace(/^55(3[1-9]|[4-9]\d)9(\d{8})$/, "55$1$2");
}
