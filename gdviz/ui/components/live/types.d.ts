// What is asked and told. Declarations only: nothing of this goes to the browser.
import type { Described, Landscape } from "../live_plot/types.d.ts";

/** An answer: `head.refused` says in words why there is none, `rest` is a run's table, or pixels. */
export interface Answer {
  head: { refused?: string };
  rest: Uint8Array;
}

export interface Waiting {
  question: { kind: string };
  resolve: (told: Answer | null) => void;
}

/** Python's message: the experiments, and where questions about them are answered. */
export interface Head {
  endpoint: string;
  experiments: Described[];
  steered: Described | null;
  place: Landscape;
}
