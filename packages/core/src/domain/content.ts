/** A text, as Meta words it. */
export interface Text {
  /** 1–4,096 Unicode code points. */
  readonly body: string;
  readonly preview_url?: boolean;
}

/** Meta's object for each of its message types. */
export interface ContentObjects {
  readonly text: Text;
  readonly image: object;
  readonly video: object;
  readonly audio: object;
  readonly document: object;
  readonly sticker: object;
  readonly location: object;
  readonly contacts: readonly object[];
  readonly reaction: object;
  readonly interactive: object;
  readonly template: object;
}

export type MessageType = keyof ContentObjects;

/** What is sent: Meta's `type` and, under the key of that name, Meta's own object. */
export type Content = {
  readonly [T in MessageType]: { readonly type: T } & { readonly [K in T]: ContentObjects[K] };
}[MessageType];

/** As our API words it: a plain text as a string, otherwise Meta's own object. */
export function plainContent(content: Content): unknown {
  return content.type === "text" && content.text.preview_url === undefined ? content.text.body : contentObject(content);
}

/** Meta's own object, which stands under the key that `type` names. */
export function contentObject(content: Content): unknown {
  return (content as Readonly<Record<string, unknown>>)[content.type];
}
