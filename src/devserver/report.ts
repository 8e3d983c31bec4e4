/** Tells the user what is going on, one short sentence at a time; goes to stderr, never to stdout. */
export type Report = (message: string) => void;
