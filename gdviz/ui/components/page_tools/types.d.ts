/** The keys of the fields that data come through. */
export type Fields = { upload: string; pasted: string; dropped: string };

export type Tools = { pages: string[]; awaits_file: boolean; most_bytes: number; fields: Fields };
