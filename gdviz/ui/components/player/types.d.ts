// What the player's modules hand to each other. Declarations only: nothing of this goes to the browser.

/** From this epoch on, this learning rate and this momentum (null where the method has none). */
export interface Turn {
  epoch: number;
  rate: number;
  beta: number | null;
}

export type TurnRow = [epoch: number, rate: number, beta: number | null];

/** What a hand can steer while the run goes. */
export interface Steering {
  turns: TurnRow[];
  /** Of the learning rate's slider. */
  ends: [number, number];
  /** How many turns a link holds. */
  most: number;
}

/** Python's message for the player. */
export interface PlayerData {
  /** What stands for the run; null while a hand is changing it. */
  run: string | null;
  epochs: number;
  /** Does it play once by itself? */
  plays: boolean;
  answered: number | null;
  steering: Steering | null;
}
