import type { ClaimSnapshot, PartnerSnapshot } from './claim.ts';
import { holds, whatIsUnknown, type Condition } from './condition.ts';
import type { Program } from './definition/program.ts';
import { convert, formatMoney } from './money.ts';
import { planStage, type PlannedStage } from './approval/planned-stage.ts';
import { speakStages } from './approval/preview-approval.ts';
import type { Money } from './vocabulary.ts';

/**
 * Who decides a claim that no conflict stands against: nobody (`auto`), some roles one after another, or, where the rows do not tell, the
 * role that rules.
 */
export type Route =
  | { readonly kind: 'auto'; readonly message: string }
  | { readonly kind: 'steps'; readonly steps: readonly [PlannedStage, ...PlannedStage[]]; readonly message: string }
  | { readonly kind: 'unclear'; readonly role: string; readonly message: string };

/**
 * The row of the program that holds for the claim. A row that cannot be told before one that holds makes the route unclear: it might have
 * been the one.
 */
export function routeClaim(
  program: Program,
  claim: Pick<ClaimSnapshot, 'kind' | 'productLines' | 'estimatedValue' | 'submittedAt' | 'customer' | 'facts'>,
  partner: PartnerSnapshot,
): Route {
  const { routing } = program;
  const shown = showValue(program, claim.estimatedValue);
  const unclear = (why: string): Route => ({
    kind: 'unclear',
    role: routing.otherwise,
    message: `${why}, so ${labelOf(program, routing.otherwise)} rules on ${shown}.`,
  });
  const rows = routing.rows.map((row) => ({ row, held: holds(row.when, program, claim, partner) }));
  const possible = rows.filter(({ held }) => held !== 'no');
  const [first] = possible;
  if (first === undefined) return unclear('No row of the routing holds');
  if (first.held === 'unknown' || (routing.hitPolicy === 'only' && possible.some(({ held }) => held === 'unknown'))) {
    const unknown = possible
      .filter(({ held }) => held === 'unknown')
      .flatMap(({ row }) => whatIsUnknown(row.when, program, claim, partner));
    const why = [...new Set(unknown)].join(', ');
    return unclear(why.charAt(0).toUpperCase() + why.slice(1));
  }
  if (routing.hitPolicy === 'only' && possible.length > 1) return unclear(`${possible.length} rows of the routing hold`);
  const [step, ...then] = first.row.steps.map(planStage);
  const reach = describeReach(first.row.when, routing.currency);
  if (step === undefined) return { kind: 'auto', message: `A value of ${shown} is approved without a review (${reach}).` };
  const roles = speakStages([step, ...then], (role) => labelOf(program, role));
  return { kind: 'steps', steps: [step, ...then], message: `A value of ${shown} is decided by ${roles} (${reach}).` };
}

function showValue({ routing, rates }: Program, value: Money): string {
  const given = formatMoney(value);
  const converted = convert(value, routing.currency, rates);
  if (converted.kind === 'no_rate' || value.currency === routing.currency) return given;
  return `${given} (${formatMoney(converted.money)} at the rates of ${converted.date})`;
}

function describeReach({ value }: Condition, currency: string): string {
  if (value === undefined) return 'whatever the value';
  const edges = [
    ...(value.from === undefined ? [] : [`from ${formatMoney({ amount: value.from, currency })}`]),
    ...(value.above === undefined ? [] : [`above ${formatMoney({ amount: value.above, currency })}`]),
    ...(value.upTo === undefined ? [] : [`up to ${formatMoney({ amount: value.upTo, currency })}`]),
    ...(value.below === undefined ? [] : [`below ${formatMoney({ amount: value.below, currency })}`]),
  ];
  return edges.length === 0 ? 'whatever the value' : edges.join(', ');
}

function labelOf(program: Program, role: string): string {
  return program.governance.roles.find((candidate) => candidate.id === role)?.label ?? role;
}
