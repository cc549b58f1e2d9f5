/** What WhatsApp makes of the digits of a phone number. */
export type ResolveWaId = (digits: string) => string;

/** `realistic`: as WhatsApp is known to do for Mexico, Argentina and Brazil. A table has digits on both sides. */
export type WaIdOption = "realistic" | Readonly<Record<string, string>> | ResolveWaId;

/** Default: the digits themselves. */
export function waIdResolver(option: WaIdOption = {}): ResolveWaId {
  if (option === "realistic") return realisticWaId;
  if (typeof option === "function") return option;
  const table = new Map(Object.entries(option).map(([from, to]) => [from.replace(/\D/g, ""), to.replace(/\D/g, "")]));
  return (digits) => table.get(digits) ?? digits;
}

/** Mexican and Argentine mobiles gain a digit, Brazilian ones beyond area 28 lose their ninth. */
function realisticWaId(digits: string): string {
  return digits
    .replace(/^52(\d{10})$/, "521$1")
    .replace(/^54(\d{10})$/, "549$1")
    .replace(/^55(3[1-9]|[4-9]\d)9(\d{8})$/, "55$1$2");
}
