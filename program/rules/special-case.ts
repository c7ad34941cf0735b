import { formatMoney } from '../money.ts';
import { overlap } from './rival.ts';
import type { Rule } from './rule.ts';

/**
 * R02: the program itself speaks of registrations like this one, whatever stands against them: lines that cannot be registered, customers of a kind that the
 * vendor serves, deals that always need a ruling. Which they are is said by the row's condition (`when`): the rule applies wherever its row does. Where the
 * condition names lines the finding is about those, so that the rest of the claim may go on (`free_lines`).
 * Source: exclusions in published programs (hardware, renewals, government), which are sentences of their own and fit no other rule.
 */
export const specialCase: Rule<'R02_special_case'> = {
  id: 'R02_special_case',
  examine: ({ claim, parameters: { because }, when }) => {
    const message = because ?? 'The program treats registrations like this one by themselves.';
    const summary = `${claim.kind} of ${claim.productLines.join(', ')}, ${formatMoney(claim.estimatedValue)}, customer in ${claim.customer.country || 'no country'}`;
    return {
      kind: 'found',
      situation: 'applies',
      message,
      partnerMessage: message,
      exhibits: [{ kind: 'claim', summary }],
      rivalIds: [],
      opportunity: null,
      ...(when?.productLines === undefined ? {} : { lines: overlap(claim.productLines, when.productLines) }),
    };
  },
};
