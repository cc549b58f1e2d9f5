import { order } from "../abused-server.ts";

const json = JSON.stringify(order);

/** `order` with its message as this JSON text. */
const withMessage = (text: string) => json.replace(JSON.stringify(order.message), text);

/** What is not JSON, although much of it looks like JSON or is JSON in another dialect. */
export const notJson: Readonly<Record<string, string | Buffer>> = {
  nothing: "",
  spaces: "  \n\t ",
  "an open brace": "{",
  "a closing brace": "}",
  "half of it": json.slice(0, 100),
  "without its end": json.slice(0, -1),
  "a trailing comma": json.replace(/}$/, ",}"),
  "a leading comma": json.replace("{", "{,"),
  "no comma": json.replace(",", " "),
  "a block comment": json.replace("{", "{/* a comment */"),
  "a line comment": `// a comment\n${json}`,
  "a hash comment": `# a comment\n${json}`,
  "single quotes": json.replaceAll('"', "'"),
  "names without quotes": json.replace('"to"', "to"),
  "a name twice quoted": json.replace('"to"', '""to""'),
  NaN: withMessage("NaN"),
  Infinity: withMessage("-Infinity"),
  undefined: withMessage("undefined"),
  "a hexadecimal number": withMessage("0x1F"),
  "a leading zero": withMessage("007"),
  "a plus sign": withMessage("+1"),
  "a point without digits": withMessage("1."),
  "an exponent without digits": withMessage("1e"),
  "a big integer": withMessage("1n"),
  "Python's None": withMessage("None"),
  "capital letters": withMessage("TRUE"),
  "an unfinished string": withMessage('"Hello'),
  "a newline in a string": withMessage('"Hel\nlo"'),
  "a tab in a string": withMessage('"Hel\tlo"'),
  "a NUL in a string": withMessage('"Hel\u0000lo"'),
  "an unknown escape": withMessage(String.raw`"Hel\x41lo"`),
  "an unfinished escape": withMessage(String.raw`"Hel\u12"`),
  "an escaped quote at the end": withMessage(String.raw`"Hello\"`),
  "a template literal": withMessage("`Hello`"),
  "a regular expression": withMessage("/Hello/"),
  "two documents": `${json}${json}`,
  "one document a line": `${json}\n${json}\n`,
  "something behind it": `${json}x`,
  "a semicolon behind it": `${json};`,
  "a NUL behind it": `${json}\u0000`,
  "a function call around it": `callback(${json})`,
  "a guard before it": `)]}',\n${json}`,
  "a byte order mark": `\uFEFF${json}`,
  "a no-break space before it": `\u00A0${json}`,
  "a form feed before it": `\u000C${json}`,
  "UTF-16": Buffer.from(json, "utf16le"),
  "UTF-16 with a mark": Buffer.from(`\uFEFF${json}`, "utf16le"),
  XML: "<order><to>+628123456789</to></order>",
  YAML: "tenant_id: tenant-ours\nto: '+628123456789'\n",
  "a form": "tenant_id=tenant-ours&to=%2B628123456789",
  MessagePack: Buffer.from([0x82, 0xa2, 0x74, 0x6f, 0xac, 0x2b, 0x36, 0x32]),
  gzip: Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]),
};

/** Valid JSON that is no message at all. */
export const notObjects: readonly string[] = [
  "null",
  "[]",
  "[[]]",
  '"x"',
  '""',
  "5",
  "-0",
  "1e400",
  "true",
  "false",
  "{}",
  `[${json}]`,
  JSON.stringify(json),
];

/** Bytes that are not UTF-8, each inside a text. */
export const notUtf8: Readonly<Record<string, readonly number[]>> = {
  "a byte that never occurs": [0xff],
  "a lone continuation": [0x80],
  "a sequence cut short": [0xe2, 0x82],
  "an overlong slash": [0xc0, 0xaf],
  "an overlong NUL": [0xc0, 0x80],
  "an overlong sequence of three": [0xe0, 0x80, 0xaf],
  "an encoded surrogate": [0xed, 0xa0, 0x80],
  "an encoded pair of surrogates": [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  "beyond the last code point": [0xf4, 0x90, 0x80, 0x80],
  "a sequence of five": [0xf8, 0x88, 0x80, 0x80, 0x80],
  "Latin-1": [0xe9, 0x74, 0xe9],
  "Windows-1252": [0x93, 0x48, 0x69, 0x94],
};

/** Numbers that `JSON.parse` rounds without a word, and equal names of which it drops one. */
export const lossy: readonly string[] = [
  ...[
    "9007199254740993",
    "-9007199254740993",
    "12345678901234567",
    "12345678901234567.0",
    "1.2345678901234567e16",
    "1.2e17",
    "1E300",
    "123456789012345678901234567890",
    "90071992547409930e-1",
  ].map((number) => withMessage(`{"body":"Hi","later":${number}}`)),
  json.replace("{", '{"to":"+628111111111",'),
  json.replace("{", '{"\\u0074o":"+628111111111",'),
  json.replace("}", ',"message_type":"text"}'),
  withMessage('{"body":"Hi","body":"Ho"}'),
  withMessage('{"body":"Hi","later":[{"a":1,"a":1}]}'),
  withMessage('{"body":"Hi","":1,"":2}'),
];

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

/** It parses, and whoever walks it by recursion overflows the stack. */
export const tooDeep: Readonly<Record<string, string>> = {
  "arrays, 30,000 deep": nested("[", "]", 30_000),
  "arrays, 30,000 deep, as the message": withMessage(nested("[", "]", 30_000)),
  "arrays as the recipient": json.replace(JSON.stringify(order.to), nested("[", "]", 30_000)),
  "arrays in an unknown field": json.replace("{", `{"later":${nested("[", "]", 30_000)},`),
  "objects, 9,000 deep, as the message": withMessage(nested('{"a":', "}", 9000)),
  "objects in Meta's object": withMessage(`{"body":"Hi","later":${nested('{"a":', "}", 9000)}}`),
  "objects and arrays in turn": withMessage(nested('[{"a":', "}]", 7000)),
  "a little too deep": withMessage(`{"body":"Hi","later":${nested("[", "]", 40)}}`),
  "arrays without an end": "[".repeat(60_000),
  "objects without an end": '{"a":'.repeat(12_000),
  "10,000 unknown fields": JSON.stringify({
    ...order,
    ...Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, 1])),
  }),
  "9,000 objects of one field": withMessage(`{"body":"Hi","later":[${'{"":1},'.repeat(9000)}1]}`),
  "15,000 values in an array": withMessage(`{"body":"Hi","later":[${"1,".repeat(15_000)}1]}`),
  "many short arrays": withMessage(`{"body":"Hi","later":[${"[],".repeat(15_000)}[]]}`),
};
