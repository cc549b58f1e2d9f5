/** How many entries a page may have. */
export const largestPage = 100;
/** How many entries a page has where the query does not say it. */
export const defaultPage = 50;
