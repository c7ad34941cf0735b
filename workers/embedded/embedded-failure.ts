/** A part of the embedded run cannot go on, and a person can mend it: the message is a plain sentence, the remedy what to do. */
export class EmbeddedFailure extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'EmbeddedFailure';
    this.remedy = remedy;
  }
}
