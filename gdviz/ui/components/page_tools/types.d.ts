/** The keys of the fields that data come through. */
export type Fields = { upload: string; pasted: string; dropped: string };

/** With what a link of ours begins, and how many characters it has at most. */
export type Links = { beginnings: string[]; most: number };

export interface Tools {
  pages: string[];
  awaits_file: boolean;
  most_bytes: number;
  fields: Fields;
  /** How names of files end that hold data. */
  tables: string[];
  links: Links;
  /** The number of the run that this is the end of. */
  run: number;
}
