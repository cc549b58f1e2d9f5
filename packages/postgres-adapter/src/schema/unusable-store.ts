/** This release cannot use the store. The message says why and what to do. */
export class UnusableStore extends Error {}
