export type Tools = { pages: string[] };
