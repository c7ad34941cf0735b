import type { ApprovedPosition, ClaimSnapshot, CustomerDetails } from '../claim.ts';
import { normalizeCompanyNumber, normalizeCountry, registrableDomain } from '../customer-key.ts';
import { normalizeCustomerName } from '../customer-name.ts';
import type { Program } from '../definition/program.ts';
import type { RuleParameters } from '../definition/rule-parameter.ts';
import { convert, formatMoney } from '../money.ts';
import type { Situation } from './catalogue.ts';
import { accountDrifts, linkedAmountDrifts, movedFurther } from './linked-opportunity.ts';
import { withoutLines } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Rule } from './rule.ts';

/**
 * C26: an approved claim is not what it was when it was approved. It is asked of approved claims alone.
 *
 * `partner`: it belongs to somebody else. `customer`: name, domain, country or company number changed, as they are compared for identity; a
 * new way of writing is none, a detail that is added or taken away is. `product_lines`: lines came or went; the finding is about those that
 * came. `amount`: the value moved further than `amountPercent` of the approved one, in the declared direction; exactly that far is inside.
 * Another currency is converted by the declared rates, and where there is none the value cannot be held against the approved one: that is
 * drift too. Of several the first in this order gives the situation; all are said. The opportunity that is linked to the claim counts as well: another account is
 * another customer, and its amount is measured by what it was when it was linked.
 * Source: GitLab and AWS (what was approved may not be changed at will); Salesforce practice of re-approval on a changed amount.
 */
export const drift: Rule<'C26_drift'> = {
  id: 'C26_drift',
  examine: ({ program, claim, evidence, parameters }) => {
    const { approved, partner, conversion } = evidence;
    if (approved === null) return quiet('The claim is not approved, so nothing can have drifted.', NOTHING_AGAINST);
    const added = withoutLines(claim.productLines, approved.productLines);
    const drifts = [
      ...(partner.partnerId === approved.partnerId
        ? []
        : [{ situation: 'partner' as const, said: 'it belongs to another partner', own: 'it was given to you' }]),
      ...customerDrifts(claim.customer, approved.customer),
      ...accountDrifts(conversion.linked),
      ...lineDrifts(added, withoutLines(approved.productLines, claim.productLines)),
      ...amountDrifts(claim, approved, program, parameters),
      ...linkedAmountDrifts(conversion.linked, approved, program, parameters),
    ];
    const [first] = drifts;
    if (first === undefined) return quiet('The claim is what was approved.', 'Your registration is what was approved.');
    const said = drifts.map((one) => one.said).join('; ');
    return {
      kind: 'found',
      situation: first.situation,
      message: `Since the approval at ${approved.approvedAt}: ${said}. Approved for partner ${approved.partnerId}, now of ${partner.partnerId}.`,
      partnerMessage: `Since your registration was approved: ${drifts.map((one) => one.own).join('; ')}.`,
      exhibits: drifts.map((one) => ({ kind: 'claim', summary: one.own })),
      rivalIds: [],
      opportunity: null,
      ...(first.situation === 'product_lines' ? { lines: added } : {}),
    };
  },
};

/** `own` is for the partner, who may not learn whom the claim belonged to. */
interface Drift {
  readonly situation: Situation<'C26_drift'>;
  readonly said: string;
  readonly own: string;
}

function customerDrifts(now: CustomerDetails, before: CustomerDetails): readonly Drift[] {
  const parts = [
    ['name', normalizeCustomerName(now.name) === normalizeCustomerName(before.name)],
    ['domain', domainOf(now) === domainOf(before)],
    ['country', countryOf(now) === countryOf(before)],
    ['company number', numberOf(now) === numberOf(before)],
  ] as const;
  const changed = parts.filter(([, same]) => !same).map(([part]) => part);
  if (changed.length === 0) return [];
  const said = `the customer's ${changed.join(', ')} changed`;
  return [{ situation: 'customer', said, own: said }];
}

function domainOf({ domain }: CustomerDetails): string {
  return domain === null ? '' : (registrableDomain(domain)?.name ?? domain.trim().toLowerCase());
}

function countryOf({ country }: CustomerDetails): string {
  return normalizeCountry(country) ?? country.trim().toLowerCase();
}

function numberOf(customer: CustomerDetails): string {
  return normalizeCompanyNumber(customer.companyNumber, countryOf(customer)) ?? '';
}

function lineDrifts(added: readonly string[], removed: readonly string[]): readonly Drift[] {
  if (added.length + removed.length === 0) return [];
  const said = [
    ...(added.length === 0 ? [] : [`${added.join(', ')} came to the product lines`]),
    ...(removed.length === 0 ? [] : [`${removed.join(', ')} left the product lines`]),
  ].join(', ');
  return [{ situation: 'product_lines', said, own: said }];
}

function amountDrifts(
  { estimatedValue }: ClaimSnapshot,
  approved: ApprovedPosition,
  { rates }: Program,
  { amountPercent, direction }: RuleParameters<'C26_drift'>,
): readonly Drift[] {
  const before = approved.estimatedValue;
  const moved = `the value went from ${formatMoney(before)} to ${formatMoney(estimatedValue)}`;
  const converted = convert(estimatedValue, before.currency, rates);
  const now = estimatedValue.currency === before.currency ? estimatedValue : converted.kind === 'converted' ? converted.money : null;
  if (now === null) {
    const said = `${moved}, which cannot be compared without a rate`;
    return [{ situation: 'amount', said, own: said }];
  }
  if (!movedFurther(before.amount, now.amount, { amountPercent, direction })) return [];
  const said = `${moved}, more than ${amountPercent} % of it`;
  return [{ situation: 'amount', said, own: said }];
}
