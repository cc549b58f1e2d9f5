/** Answers are about messages of people: no cache keeps them, and no browser takes them for a page. */
export const fixedHeaders = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;
