const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const whatsAppId = String.raw`wamid\.[\w+/=-]+`;
/** With a plus sign, also as people write it. */
const international = String.raw`\+\d(?:[ ().\u00a0/-]{0,2}\d){4,}`;
const digits = String.raw`\d{7,}`;

const shown = new RegExp(`${uuid}|${whatsAppId}|${international}|${digits}`, "gi");

/**
 * Masks what may be a phone number: seven or more digits in a row, or an international number with separators. The last four
 * digits stay. UUIDs stay. The id of a WhatsApp message contains the number in base64, so only its end stays.
 */
export function maskNumbers(text: string): string {
  return text.replace(shown, (found) => {
    if (found.startsWith("wamid.")) return `wamid.•••${found.slice("wamid.".length).slice(-12)}`;
    if (found[8] === "-") return found;
    return `${found.startsWith("+") ? "+" : ""}•••${found.replace(/\D/g, "").slice(-4)}`;
  });
}
