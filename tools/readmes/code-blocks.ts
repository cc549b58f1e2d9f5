export interface CodeBlock {
  /** Empty: a drawing, or text that something prints. */
  readonly language: string;
  /** A second word behind the language, which readers do not see. */
  readonly mark?: string;
  readonly text: string;
}

/** The fenced code blocks of a Markdown text, in their order. Those of a list are without its indent. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const fences = /^( *)```(\w*)(?: (\w+))?\n([\s\S]*?)^\1```$/gm;
  return [...markdown.matchAll(fences)].map(([, indent = "", language = "", mark, text = ""]) => ({
    language,
    ...(mark !== undefined && { mark }),
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}
