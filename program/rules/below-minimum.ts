import { compareMoney, convert, formatMoney } from '../money.ts';
import { quiet, type Rule } from './rule.ts';

/**
 * C19: a deal below the declared minimum is not registrable; one of exactly the minimum is.
 *
 * The value is compared in the currency of the minimum, at the program's declared rates. Without a rate the rule stays quiet: the routing asks a person then.
 * Source: Check Point and Gumdrop publish minimums; ACV of USD 5,000 is the usual one.
 */
export const belowMinimum: Rule<'C19_below_minimum'> = {
  id: 'C19_below_minimum',
  examine: ({ program, claim }) => {
    const { minimum } = program.routing;
    const converted = convert(claim.estimatedValue, minimum.currency, program.rates);
    const given = formatMoney(claim.estimatedValue);
    if (converted.kind === 'no_rate') {
      const message = `${given} cannot be compared with the minimum: the program declares no rate for ${converted.currency}.`;
      return quiet(message, message, [{ kind: 'value', summary: given }]);
    }
    const value = formatMoney(converted.money);
    const rated =
      claim.estimatedValue.currency === minimum.currency
        ? given
        : `${given}, which is ${value} at the rate ${converted.rate} of ${converted.date}`;
    const exhibits = [{ kind: 'value', summary: rated }];
    if (compareMoney(converted.money, minimum) >= 0) {
      const message = `The value, ${rated}, reaches the minimum of ${formatMoney(minimum)}.`;
      return quiet(message, message, exhibits);
    }
    const message = `The value, ${rated}, is below the minimum of ${formatMoney(minimum)}.`;
    return {
      kind: 'found',
      situation: 'below',
      message,
      partnerMessage: `${message} Deals below it are not registered; submit again if the deal grows.`,
      exhibits,
      rivalIds: [],
      opportunity: null,
    };
  },
};
