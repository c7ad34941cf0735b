import { acmeWith, parseOrThrow } from '../example.ts';
import { daysAfter, past, run, type PastWishes } from './example.ts';

const MS = 1;
const WINDOW = '  window: 90 days';

function protecting(changed: string) {
  return parseOrThrow(acmeWith(WINDOW, changed));
}

describe('a simulated protection whose length is unclear', () => {
  const UNCLEAR = protecting(`${WINDOW}\n  windows: [{ when: { quantity: { from: 10 } }, window: 30 days }]`);
  const withQuantity = (quantity: number): PastWishes => ({
    claim: { facts: { ...past(1).sightings[0].claim.facts, quantity } },
  });

  it('is ruled on by people, whom nobody is asked for where the quantity is known', () => {
    const [unclear] = run([past(1)], { program: UNCLEAR, asOf: daysAfter(1, -MS) });
    expect(unclear).toMatchObject({ status: 'in_review', asked: ['director'], protectedUntil: null });
    expect(run([past(1, withQuantity(10))], { program: UNCLEAR })[0]).toMatchObject({ asked: [], protectedUntil: daysAfter(30) });
    expect(run([past(1, withQuantity(9))], { program: UNCLEAR })[0]).toMatchObject({ asked: [], protectedUntil: daysAfter(90) });
  });

  it('is the general one once people say yes', () => {
    const answers = [
      { at: daysAfter(1), decision: 'approve', by: 'director', question: { subject: 'ruling', roles: ['director'] } },
    ] as const;
    expect(run([past(1, { answers })], { program: UNCLEAR })[0]).toMatchObject({ decidedBy: 'people', protectedUntil: daysAfter(91) });
  });
});

describe('silence that would approve', () => {
  const DEEMED = acmeWith(
    "{ when: { value: { upTo: '100000.00' } }, steps: [{ role: partner_manager }] }",
    "{ when: { value: { upTo: '100000.00' } }, steps: [{ role: partner_manager, deadline: 10 days, silence: approve }] }",
  );
  const large: PastWishes = { claim: { estimatedValue: { amount: '60000.00', currency: 'USD' } } };
  const afterTenDays = (program: string) => run([past(1, large)], { program: parseOrThrow(program), asOf: daysAfter(10) })[0];

  it('asks somebody else where the length of the protection is unclear', () => {
    const unclear = DEEMED.replace(WINDOW, `${WINDOW}\n  windows: [{ when: { quantity: { from: 10 } }, window: 30 days }]`);
    expect(afterTenDays(unclear)).toMatchObject({ status: 'in_review', asked: ['partner_manager', 'director'] });
    expect(afterTenDays(DEEMED)).toMatchObject({ status: 'approved', decidedBy: 'silence' });
  });
});

describe('a simulated extension', () => {
  const EXTENSION = '    length: 30 days';
  const extended = (days: number | null, at: string, program = parseOrThrow(acmeWith(EXTENSION, EXTENSION)), wishes: PastWishes = {}) =>
    run([past(1, { extensions: [{ at, days }], ...wishes })], { program })[0]?.protectedUntil;

  it.each([
    ['the last ms before the end', daysAfter(90, -MS), daysAfter(120)],
    ['the end', daysAfter(90), daysAfter(90)],
  ])('is granted until %s', (_when, at, until) => expect(extended(null, at)).toBe(until));

  it.each([
    [30, daysAfter(120)],
    [31, daysAfter(90)],
  ])('by %d days is granted or refused whole, never cut', (days, until) => expect(extended(days, daysAfter(80))).toBe(until));

  it.each([
    ['120 days', daysAfter(120)],
    ['119 days', daysAfter(90)],
  ])('is refused where window and extension last longer than %s', (maxTotal, until) => {
    const program = parseOrThrow(acmeWith(EXTENSION, `${EXTENSION}\n    maxTotal: ${maxTotal}`));
    expect(extended(30, daysAfter(80), program)).toBe(until);
  });

  it('is measured by the submission where the time of the protection runs from there', () => {
    const bySubmission = (length: string) =>
      parseOrThrow(acmeWith(EXTENSION, `    length: ${length}\n    maxTotal: 120 days`).replace('anchor: approval', 'anchor: submission'));
    const late = (days: number): PastWishes => ({
      claim: { estimatedValue: { amount: '60000.00', currency: 'USD' } },
      answers: [{ at: daysAfter(5), decision: 'approve', by: 'manager', question: { subject: 'routing', roles: ['partner_manager'] } }],
      extensions: [{ at: daysAfter(80), days }],
    });
    expect(run([past(1, late(30))], { program: bySubmission('30 days') })[0]?.protectedUntil).toBe(daysAfter(120));
    // Counted from the approval, which came five days later, one more would be inside.
    expect(run([past(1, late(31))], { program: bySubmission('31 days') })[0]?.protectedUntil).toBe(daysAfter(90));
  });
});

describe('an approved claim that is amended in a simulation', () => {
  const drifting = (outcome: string) =>
    parseOrThrow(
      acmeWith(
        '    - id: C03_competing_pending',
        `    - id: C26_drift
      with: { amountPercent: '25', direction: up }
      on:
        amount: ${outcome}
        product_lines: { outcome: note }
        customer: { outcome: note }
        partner: { outcome: note }
    - id: C03_competing_pending`,
      ),
    );
  const amendedTo = (amount: string): PastWishes => ({
    claim: { estimatedValue: { amount: '10000.00', currency: 'USD' } },
    amended: [{ at: daysAfter(5), claim: { estimatedValue: { amount, currency: 'USD' } } }],
  });

  it.each([
    ['as far as the program allows', '12500.00', '{ outcome: deny, waitlist: false }', 'approved'],
    ['further', '12500.01', '{ outcome: deny, waitlist: false }', 'revoked'],
    ['further, which people look into', '12500.01', '{ outcome: review, decider: partner_manager }', 'approved'],
    ['further, which is only noted', '12500.01', '{ outcome: note }', 'approved'],
  ])('by a value that moved %s', (_how, amount, outcome, status) => {
    expect(run([past(1, amendedTo(amount))], { program: drifting(outcome), asOf: daysAfter(6) })[0]?.status).toBe(status);
  });

  it('gives what it held to whom it stood in the way of', () => {
    const history = [past(1, amendedTo('30000.00')), past(2, { at: daysAfter(1) })];
    const ended = run(history, { program: drifting('{ outcome: deny, waitlist: false }'), asOf: daysAfter(6) });
    expect(ended.map(({ status, rule }) => [status, rule])).toEqual([
      ['revoked', 'C26_drift'],
      ['approved', 'routing'],
    ]);
  });

  it('stays where the program does not ask', () => {
    expect(run([past(1, amendedTo('30000.00'))], { asOf: daysAfter(6) })[0]?.status).toBe('approved');
  });
});
