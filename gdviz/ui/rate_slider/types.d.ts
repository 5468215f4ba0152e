// What the slider is told. Declarations only: nothing of this goes to the browser.

/** A text at a place of the track. */
export interface Label {
  value: number;
  label: string;
}

/** Python's message for the slider. */
export interface SliderData {
  label: string;
  value: number;
  minimum: number;
  maximum: number;
  ticks: Label[];
  marks: Label[];
  help: string | null;
  /** Which number of the page's experiment it sets, if the browser is to show what comes of it. */
  setting: string | null;
  answered: number | null;
}
