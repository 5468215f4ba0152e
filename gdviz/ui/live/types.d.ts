// What the component keeps of a question. Declarations only: nothing of this goes to the browser.
import type { Answer, Described, Landscape, Question, Timer } from "../live_plot/types.d.ts";

export interface Waiting {
  question: Question;
  resolve: (answer: Answer | null) => void;
}

/** The question that is under way. */
export interface Asked extends Waiting {
  number: number;
  timer: Timer;
}

/** Python's message: the experiments, and the answer to the last question that it has heard (none, if that was in a
 * message that never came). */
export interface Head {
  answered: number | null;
  answer?: { refused?: boolean };
  experiments: Described[];
  steered: Described | null;
  place: Landscape;
}
