const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const whatsAppId = String.raw`wamid\.[\w+/=-]+`;
const date = String.raw`(?<!\d)(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d(?!\d)`;
const dayFirst = String.raw`(?<!\d)[0-3]?\d[./-][0-3]?\d[./-](?:19|20)\d\d(?!\d)`;
const clock = String.raw`\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?`;
const address = String.raw`(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d.])`;
/** What has digits and is no number. */
const other = new RegExp(`(${whatsAppId}|${uuid}|${date}|${dayFirst}|${clock}|${address})`, "gi");

const space = String.raw` \u00a0\u2007\u2009\u202f\u3000`;
/** Hyphens, dashes and the minus sign. */
const dash = String.raw`\u2010-\u2015\u2212\uff0d-`;
const dot = String.raw`[.\uff0e]`;
const parentheses = String.raw`()\uff08\uff09`;
const between = String.raw`[${space}\t${parentheses}.\uff0e/${dash}]`;
/** Arabic, Persian and full-width digits too. */
const foreign = String.raw`\u0660-\u0669\u06f0-\u06f9\uff10-\uff19`;
const foreignDigits = new RegExp(`[${foreign}]`, "g");
const digit = String.raw`[\d${foreign}]`;
const zero = String.raw`[0\u0660\u06f0\uff10]`;
/** Not within other digits, nor behind their point or comma: `tel.0812…` begins a number, and `3.0812…` does not. */
const begins = String.raw`(?<!${digit}[.,\uff0e\uff0c]?)`;
const ends = String.raw`(?![\d${foreign}])`;
/** With a plus sign, or with the zero that stands for the country: `+62 812…`, `0812…`, `(0)812…`, `0 (812)…`. */
const international = String.raw`[+\uff0b]${digit}(?:${between}{0,3}${digit}){4,}`;
const national = String.raw`${begins}(?:\(?${zero}(?=${digit})|\(${zero}\)|${zero} ?(?=\())(?:${between}{0,2}${digit}){6,}`;
/** Without either: digits in a row, or at least nine in groups. */
const inRow = String.raw`${digit}{7,}`;
const groups = String.raw`${begins}\(?${digit}{2,5}(?:[${space}${parentheses}${dash}]{1,2}${digit}{2,5}){2,}${ends}`;
/** A number of North America with its country code, which has one digit: `1.650.555.1234`. */
const american = String.raw`1${dot}${digit}{3}${dot}${digit}{3}${dot}${digit}{4}`;
/** With dots between them, groups of three are an amount, unless there are as many as in a number with its country code. */
const dotted = String.raw`${begins}(?:${american}|${digit}{2,5}(?:${dot}${digit}{2,5}){2,})${ends}`;
const numbers = new RegExp(`${international}|${national}|${inRow}|${groups}|${dotted}`, "g");

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

function maskNumber(found: string): string {
  const ascii = found.replace(foreignDigits, (one) => String(one.charCodeAt(0) & 0xf));
  if (isAmount(ascii)) return found;
  return `${/^[+\uff0b]/.test(found) ? "+" : ""}•••${ascii.replace(/\D/g, "").slice(-4)}`;
}

/** Fewer than nine digits in groups, the first of which is no zero, are an amount or counts; so are up to ten in groups of three. */
function isAmount(found: string): boolean {
  const count = found.replace(/\D/g, "").length;
  if (count < 9 && /^\(?[1-9]\d{0,5}\D/.test(found)) return true;
  return count < 11 && /^[1-9]\d{1,2}(?:[.\uff0e]\d{3})+$/.test(found);
}

function maskId(found: string): string {
  return found.startsWith("wamid.") ? `wamid.•••${found.slice("wamid.".length).slice(-12)}` : found;
}
