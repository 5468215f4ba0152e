export type Tools = { pages: string[]; awaits_file: boolean; most_bytes: number };
