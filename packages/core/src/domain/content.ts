/** A text message, as Meta words it. */
export interface TextContent {
  readonly type: "text";
  readonly text: {
    /** 1–4,096 Unicode code points. */
    readonly body: string;
    readonly preview_url?: boolean;
  };
}

/** What is sent: Meta's `type` and, under the key of that name, Meta's own object. */
export type Content = TextContent;
