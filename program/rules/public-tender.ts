import { localDate } from '../local-date.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C17: the deal is a public tender that was published on a day before that of the receipt, in the default office's zone: everybody could know of it. A claim of an
 * earlier day than the notice stands, unless the program wants it told apart (`with.beforePublication`, `before_publication`): some treat every tender alike. `same_day`: notices carry dates, not times, so that nobody can tell which came first.
 * Source: NeuVector and GitLab (a claim before the tender is allowed); AWS asks for the reference.
 */
export const publicTender: Rule<'C17_public_tender'> = {
  id: 'C17_public_tender',
  examine: ({ program, claim, parameters }) => {
    const { tender } = claim.facts;
    if (tender === null) return quiet('The claim names no tender.', NOTHING_AGAINST);
    const date = localDate(claim.submittedAt, program);
    const exhibits = [{ kind: 'claim', summary: `tender ${tender.reference}, published on ${tender.publishedOn}; received on ${date}` }];
    const found = { kind: 'found', exhibits, rivalIds: [], opportunity: null } as const;
    if (tender.publishedOn < date) {
      const message = `The tender ${tender.reference} was published on ${tender.publishedOn}, before the registration was received on ${date}.`;
      return { ...found, situation: 'after_publication', message, partnerMessage: message };
    }
    if (tender.publishedOn === date) {
      const message = `The tender ${tender.reference} was published on ${date}, the day on which the registration was received.`;
      return { ...found, situation: 'same_day', message, partnerMessage: message };
    }
    const message = `The registration was received on ${date}, before the tender ${tender.reference} was published on ${tender.publishedOn}.`;
    return parameters.beforePublication
      ? { ...found, situation: 'before_publication', message, partnerMessage: message }
      : quiet(message, message, exhibits);
  },
};
