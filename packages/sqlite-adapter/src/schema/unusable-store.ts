/** This release cannot use the store. The message continues a sentence that begins with the file's name. */
export class UnusableStore extends Error {}
