/** A text, as Meta words it. */
export interface Text {
  /** 1–4,096 Unicode code points. */
  readonly body: string;
  /** Whether the first link in the body is shown with a preview. */
  readonly preview_url?: boolean;
}
