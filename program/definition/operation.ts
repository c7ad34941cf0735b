import { anyOf, id, listOf, plainDate, section, text, wholeNumber, word } from './scalar.ts';

/** A document of the program and how often it is brought up to date. */
export const programDocument = section({
  id,
  label: text,
  contents: text,
  cadence: word(['annual', 'quarterly', 'per_release', 'as_needed']),
  owner: id,
  /** When it was last brought up to date; left out where it is not known. */
  updatedOn: plainDate.optional(),
});

/** A kind of system, the products that are candidates for it, and what Acme runs. */
export const system = section({
  id,
  label: text,
  priority: word(['critical', 'high', 'medium']),
  purpose: text,
  candidates: anyOf(text),
  inUse: text.nullable(),
});

/** A phase of the launch. A phase without `toMonth` goes on. */
export const launchPhase = section({
  phase: id,
  fromMonth: wholeNumber(1, 120),
  toMonth: wholeNumber(1, 120).nullable(),
  steps: listOf(text),
});

/** How the team looks at each stage of a program's life. `most` null: without an upper end. */
export const teamStage = section({
  stage: id,
  least: wholeNumber(1, 10000),
  most: wholeNumber(1, 10000).nullable(),
  focus: text,
  reportsTo: text,
});

/** `products`: what is sold under the line, where the program names it. */
export const productLine = section({ id, label: text, products: anyOf(id).default([]) });
