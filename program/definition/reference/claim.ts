import { registrableDomain } from '../../customer-key.ts';
import { BUILT_IN_FACTS } from '../condition.ts';
import { CONDITION_READS, checkCondition } from './condition.ts';
import { checkIds, checkOf, type DefinitionProblem, type ReferenceCheck } from './problem.ts';

/** What is asked of a claim, and of which customers: regions that do not overlap, lists that were ever in force, questions that can be answered. */
export const CLAIM_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['regions'], ({ regions }) => {
    const seen = new Map<string, string>();
    return regions.flatMap((region, at) =>
      region.countries.flatMap((country, index): DefinitionProblem[] => {
        const before = seen.get(country);
        if (before === undefined) seen.set(country, region.id);
        return before === undefined
          ? []
          : [{ path: ['regions', at, 'countries', index], message: `${country}; expected once, and ${before} names it before` }];
      }),
    );
  }),
  checkOf(['accounts'], ({ accounts }) =>
    accounts.flatMap(({ from, until, domains }, at): DefinitionProblem[] => [
      ...(until !== null && until <= from
        ? [{ path: ['accounts', at, 'until'], message: `${until}; expected a date after ${from}, since it is the first day outside` }]
        : []),
      ...domains.flatMap((domain, index) =>
        registrableDomain(domain.toLowerCase()) === null
          ? [{ path: ['accounts', at, 'domains', index], message: `${JSON.stringify(domain)}; expected a domain such as contoso.com` }]
          : [],
      ),
    ]),
  ),
  checkOf(['intake'], ({ intake }) =>
    intake.flatMap(({ id, type, choices }, at): DefinitionProblem[] => [
      ...(BUILT_IN.includes(id)
        ? [{ path: ['intake', at, 'id'], message: `${id}; expected another id, since every claim may bring this fact: see requiredFacts` }]
        : []),
      ...(type === 'choice' && choices.length < 2
        ? [{ path: ['intake', at, 'choices'], message: `${choices.length === 0 ? 'none' : 'one'}; expected at least two to choose from` }]
        : []),
      ...(type !== 'choice' && choices.length > 0
        ? [{ path: ['intake', at, 'choices'], message: `given; expected none, since a ${type} is asked for` }]
        : []),
      ...choices.flatMap((choice, index) =>
        choices.indexOf(choice) < index
          ? [{ path: ['intake', at, 'choices', index], message: `${JSON.stringify(choice)}; used before, expected once` }]
          : [],
      ),
    ]),
  ),
  checkOf(CONDITION_READS, (sections) =>
    sections.intake.flatMap((fact, at): readonly DefinitionProblem[] => [
      ...checkCondition(['intake', at, 'when'], fact.when, sections),
      ...(fact.when?.answers !== undefined && Object.hasOwn(fact.when.answers, fact.id)
        ? [{ path: ['intake', at, 'when', 'answers', fact.id], message: `${fact.id}; expected another fact than the one it decides about` }]
        : []),
    ]),
  ),
  checkOf(['requiredFacts'], ({ requiredFacts }) => checkIds(['requiredFacts'], requiredFacts, BUILT_IN)),
];

const BUILT_IN: readonly string[] = BUILT_IN_FACTS;
