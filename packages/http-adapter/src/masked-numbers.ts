const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const whatsAppId = String.raw`wamid\.[\w+/=-]+`;
const date = String.raw`(?<!\d)(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d(?!\d)`;
const dayFirst = String.raw`(?<!\d)[0-3]?\d[./-][0-3]?\d[./-](?:19|20)\d\d(?!\d)`;
const clock = String.raw`\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?`;
const address = String.raw`(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d.])`;
/** What has digits and is no number. */
const other = new RegExp(`(${whatsAppId}|${uuid}|${date}|${dayFirst}|${clock}|${address})`, "gi");

const space = String.raw` \u00a0\u2007\u2009\u202f`;
/** Hyphens, dashes and the minus sign. */
const dash = String.raw`\u2010-\u2015\u2212-`;
const between = String.raw`[${space}\t()./${dash}]`;
/** With a plus sign, or with the zero that stands for the country: `+62 812…`, `0812…`, `(0)812…`, `0 (812)…`. */
const international = String.raw`\+\d(?:${between}{0,3}\d){4,}`;
const national = String.raw`(?<![\d.,])(?:\(?0(?=\d)|\(0\)|0 ?(?=\())(?:${between}{0,2}\d){6,}`;
/** Without either: digits in a row, or at least nine in groups. */
const digits = String.raw`\d{7,}`;
const groups = String.raw`(?<![\d.,])\(?\d{2,5}(?:[${space}()${dash}]{1,2}\d{2,5}){2,}(?!\d)|\d{3}\.\d{3}\.\d{4}(?!\d)`;
const numbers = new RegExp(`${international}|${national}|${digits}|${groups}`, "g");

/**
 * Masks what may be a phone number, with or without its country code and in the ways in which people write one. The last four
 * digits stay. UUIDs, dates, times and IP addresses stay. The id of a WhatsApp message contains the number in base64, so only its
 * end stays.
 */
export function maskNumbers(text: string): string {
  return text
    .split(other)
    .map((part, at) => (at % 2 === 0 ? part.replace(numbers, maskNumber) : maskId(part)))
    .join("");
}

/** Fewer than nine digits in groups, the first of which is no zero, are an amount or counts, and stay. */
function maskNumber(found: string): string {
  const all = found.replace(/\D/g, "");
  if (all.length < 9 && /^\(?[1-9]\d{0,5}\D/.test(found)) return found;
  return `${found.startsWith("+") ? "+" : ""}•••${all.slice(-4)}`;
}

function maskId(found: string): string {
  return found.startsWith("wamid.") ? `wamid.•••${found.slice("wamid.".length).slice(-12)}` : found;
}
