// What the slider is told. Declarations only: nothing of this goes to the browser.

/** From values to places along the track, and back. */
export interface Scale {
  place(value: number): number;
  value(place: number): number;
  /** The value as a hand chooses it: of few digits. */
  chosen(value: number): number;
  /** The value with as many digits as are worth showing. */
  shown(value: number): number;
  /** How far an arrow key moves the thumb, and how far PageUp and PageDown do. */
  fine: number;
  coarse: number;
}

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
  /** The name of a scale (scales.js). */
  scale: string;
  /** The part of it that is shown first, if not all. */
  near: [number, number] | null;
  /** What the part is, on the button that shows all or the part. */
  nearby: string;
  ticks: Label[];
  marks: Label[];
  /** Is it drawn below a field that has its name? */
  bare: boolean;
  /** Which number of the page's experiment it sets, if the browser is to show what comes of it. */
  setting: string | null;
  answered: number | null;
}
