// What the scout keeps of a question. Declarations only: nothing of this goes to the browser.
import type { Answer, Question, Timer } from "../live_plot/types.d.ts";

export interface Waiting {
  question: Question;
  resolve: (answer: Answer | null) => void;
}

/** The question that is under way. */
export interface Asked extends Waiting {
  number: number;
  timer: Timer;
}

/** What Python says of the last question it has heard: no answer, if that was in a message that never came. */
export interface Head {
  answered: number | null;
  answer?: { refused?: boolean };
}
