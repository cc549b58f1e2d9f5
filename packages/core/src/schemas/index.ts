export { textContent } from "./text.ts";
export { type ContentProblem, parseContent } from "./content.ts";
