/** The characters that are invisible, or change how others are shown. */
const invisible = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u007f-\u009f]/gu;
const control = /\p{Cc}/gu;

/**
 * Text of several lines, or JSON, that cannot steer a terminal nor hide anything: C1 controls, bidirectional and other
 * formatting, line separators and lone surrogates are written as `\u202e`. JSON keeps its value. Line breaks and colors stay.
 */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, escaped);
}

/** The same for text that somebody else wrote and that is to stay on one line: no control character is left. */
export function printable(text: string): string {
  return withoutInvisible(text.replace(control, escaped));
}

/** The same, line by line. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
