/** How many entries a page may have. */
export const largestPage = 100;
export const defaultPage = 50;
