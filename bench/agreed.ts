/** What the servers and those who call them agree on. */
export const appSecret = "a-secret-of-the-bench";
export const graphConnections = 256;
