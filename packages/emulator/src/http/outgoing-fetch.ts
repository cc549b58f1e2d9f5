/**
 * The `fetch` for the requests of the sandbox itself, such as webhooks: as it was before msw replaced the global one, since they
 * are none of the code under test.
 */
export const outgoingFetch = globalThis.fetch;
