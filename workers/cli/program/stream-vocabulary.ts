import { z } from 'zod';
import type { StreamPartner, StreamRegistration } from '../../../program/simulation/stream.ts';

const word = z.string().min(1);

/**
 * How the words of one program are said in those of another, so that one stream of registrations can be run under both.
 *
 * A partner becomes what the first entry says whose `when` holds, where all that is named has to be equal; one that no entry fits stays as it is, and so does a
 * kind or a product line that is not named.
 */
export const vocabularySchema = z.strictObject({
  partners: z
    .array(
      z.strictObject({
        when: z.strictObject({ type: word.optional(), track: word.nullable().optional(), tier: word.nullable().optional() }),
        becomes: z.strictObject({ type: word, track: word.nullable(), tier: word.nullable(), regions: z.array(word).default([]) }),
      }),
    )
    .default([]),
  kinds: z.record(word, word).default({}),
  productLines: z.record(word, word).default({}),
});
export type Vocabulary = z.output<typeof vocabularySchema>;

export function translatePartner({ partners }: Vocabulary, partner: StreamPartner): StreamPartner {
  const entry = partners.find(({ when }) =>
    (Object.entries(when) as [keyof typeof when, string | null][]).every(([key, value]) => partner[key] === value),
  );
  return entry === undefined ? partner : { ...partner, ...entry.becomes };
}

export function translateRegistration({ kinds, productLines }: Vocabulary, registration: StreamRegistration): StreamRegistration {
  const lines = registration.productLines.map((line) => productLines[line] ?? line);
  return { ...registration, kind: kinds[registration.kind] ?? registration.kind, productLines: [...new Set(lines)] };
}
