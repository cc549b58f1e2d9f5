/** The app whose tokens everybody uses. */
export const sandboxApp = { id: "1000000000000001", name: "Sandbox", link: "https://example.com" } as const;
