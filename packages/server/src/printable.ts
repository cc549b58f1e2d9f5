/** Characters that are invisible or change how others are displayed. */
const invisible = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u007f-\u009f]/gu;
const control = /\p{Cc}/gu;
/** Most texts are plain ASCII, and quick to recognise. */
const other = /[^\n -~]/;

/**
 * Makes multi-line text or JSON safe to print: C1 controls, bidirectional and other formatting, line separators and lone
 * surrogates are escaped, such as `\u202e`. JSON keeps its value. Line breaks and colors stay.
 */
export function withoutInvisible(text: string): string {
  return other.test(text) ? text.replace(invisible, escaped) : text;
}

/** Makes untrusted text safe to print on one line: escapes control characters too. */
export function printable(text: string): string {
  return withoutInvisible(text.replace(control, escaped));
}

/** Applies `printable` to each line. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
