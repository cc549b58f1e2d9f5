/** How many messages a second Meta lets a number send, by the level that its Graph API names (Cloud API, "Throughput"). */
export const throughputLevels = { STANDARD: 80, HIGH: 1000 } as const;
