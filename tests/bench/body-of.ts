import type { IncomingMessage } from "node:http";

/** The body of a request, with less work than `for await`. */
export function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (text += piece));
    request.once("end", () => resolve(text));
    request.once("error", reject);
  });
}
