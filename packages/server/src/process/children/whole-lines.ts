/** Passes text on in whole lines, so that the lines of several writers do not mix. */
export function createWholeLines(pass: (lines: string) => void): { add(text: string): void; end(): void } {
  let begun = "";
  return {
    add(text) {
      const end = text.lastIndexOf("\n") + 1;
      if (end === 0) {
        begun += text;
        return;
      }
      pass(begun + text.slice(0, end));
      begun = text.slice(end);
    },
    end() {
      if (begun !== "") pass(`${begun}\n`);
      begun = "";
    },
  };
}
