import type { RecordFields } from "./records.ts";

/** Which template every line sends. */
export interface TemplateName {
  readonly name: string;
  readonly language: string;
}

/** `order_ready:en_US`. Undefined for another form. */
export function templateOf(text: string): TemplateName | undefined {
  const [, name, language] = /^([^:\s]+):([A-Za-z_]+)$/.exec(text) ?? [];
  return name !== undefined && language !== undefined ? { name, language } : undefined;
}

/** Meta's template object, with these fields as its parameters. */
export function templateMessage({ name, language }: TemplateName, parameters: RecordFields): object {
  const given = Object.entries(parameters);
  const header = given.flatMap(([column, value]) => {
    const [, at] = /^header\.(.+)$/.exec(column) ?? [];
    return at === undefined ? [] : [isMedia(at) ? { type: at, [at]: { link: value } } : textOf(at, value)];
  });
  const body = given
    .filter(([column]) => !column.includes("."))
    .toSorted(byNumber)
    .map(([at, value]) => textOf(at, value));
  const buttons = given.flatMap(([column, value]) => {
    const [, index] = /^button\.(\d)$/.exec(column) ?? [];
    return index === undefined ? [] : [{ type: "button", sub_type: "url", index, parameters: [textOf("1", value)] }];
  });
  const components = [
    ...(header.length > 0 ? [{ type: "header", parameters: header }] : []),
    ...(body.length > 0 ? [{ type: "body", parameters: body }] : []),
    ...buttons,
  ];
  return { name, language: { code: language }, ...(components.length > 0 && { components }) };
}

/** Whether a column can hold a parameter of a template: `1`, `first_name`, `header.1`, `header.image`, `button.0`. */
export function isParameter(column: string): boolean {
  return /^(?:header\.)?(?:[1-9]\d?|[a-z][a-z0-9_]*)$/.test(column) || /^button\.\d$/.test(column);
}

/** A parameter with a number is one of `{{1}}`, `{{2}}` …; another one is named. */
function textOf(at: string, value: unknown): object {
  return /^\d+$/.test(at) ? { type: "text", text: value } : { type: "text", parameter_name: at, text: value };
}

function isMedia(at: string): boolean {
  return at === "image" || at === "video" || at === "document";
}

function byNumber([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return (Number(one) || 0) - (Number(other) || 0);
}
