// What the component keeps of a question. Declarations only: nothing of this goes to the browser.
import type { Answer, Described, Landscape, Question } from "../live_plot/types.d.ts";

export interface Waiting {
  question: Question;
  resolve: (answer: Answer | null) => void;
}

/** Python's message: the experiments, and where questions about them are answered. */
export interface Head {
  desk: string;
  experiments: Described[];
  steered: Described | null;
  place: Landscape;
}
