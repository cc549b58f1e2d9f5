/** The same example for a CommonJS file, which has no `await` outside of functions. */
export function asCommonJs(text: string): string {
  const imports = text.match(/^import [\s\S]*? from "[^"]+";$/gm) ?? [];
  const body = imports.reduce((rest, line) => rest.replace(line, ""), text).trim();
  return `${imports.join("\n")}\n\nasync function main(): Promise<void> {\n${body}\n}\n\nvoid main();\n`;
}
