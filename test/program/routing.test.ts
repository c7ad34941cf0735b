import type { Program } from '../../program/definition/program.ts';
import { routeClaim } from '../../program/routing.ts';
import { ACME, claim, partner } from './example.ts';

type Row = Program['routing']['rows'][number];
const manager: Row['steps'] = [{ role: 'partner_manager' }];
const upTo = (amount: string): Row['when'] => ({ value: { upTo: amount } });

function route(rows: readonly Row[], hitPolicy: 'first' | 'only' = 'first', amount = '20000.00', currency = 'USD') {
  const program: Program = { ...ACME, routing: { ...ACME.routing, rows, hitPolicy } };
  return routeClaim(program, claim({ estimatedValue: { amount, currency } }), partner());
}

describe('routeClaim', () => {
  it('takes the first row that holds', () => {
    expect(
      route([
        { when: upTo('1.00'), steps: manager },
        { when: {}, steps: [] },
        { when: {}, steps: manager },
      ]),
    ).toMatchObject({ kind: 'auto' });
  });

  it('plans the steps as they are declared', () => {
    const then = { role: 'vp', deadline: { amount: 10, unit: 'days', restated: null }, silence: 'approve' } as const;
    expect(route([{ when: {}, steps: [...manager, then] }])).toEqual({
      kind: 'steps',
      steps: [
        { role: 'partner_manager', deadline: null, silence: null },
        { role: 'vp', deadline: { amount: 10, unit: 'days', restated: null }, silence: 'approve' },
      ],
      message: 'A value of USD 20,000.00 is decided by Partner Manager, then VP Partnerships (whatever the value).',
    });
  });

  it.each([
    ['submission', { from: 'submission' }],
    ['arrival', {}],
  ] as const)('plans a step whose time runs from %s', (from, expected) => {
    const planned = route([{ when: {}, steps: [{ role: 'vp', from }] }]);
    expect(planned).toMatchObject({ kind: 'steps' });
    expect(planned.kind === 'steps' && planned.steps).toStrictEqual([{ role: 'vp', deadline: null, silence: null, ...expected }]);
  });

  it('lets the role that rules decide where no row holds', () => {
    expect(route([{ when: upTo('1.00'), steps: [] }])).toEqual({
      kind: 'unclear',
      role: ACME.routing.otherwise,
      message: 'No row of the routing holds, so Director rules on USD 20,000.00.',
    });
  });

  it('guesses nothing where a row before the one that holds cannot be told', () => {
    const unknown: Row = { when: { quantity: { from: 100 } }, steps: manager };
    const sure: Row = { when: {}, steps: [] };
    expect(route([unknown, sure])).toMatchObject({
      kind: 'unclear',
      message: 'The claim names no quantity, so Director rules on USD 20,000.00.',
    });
    expect(route([sure, unknown])).toMatchObject({ kind: 'auto' });
    expect(route([{ ...unknown, when: { ...unknown.when, kinds: ['referral'] } }, sure])).toMatchObject({ kind: 'auto' });
  });

  it('says everything that is not known, once', () => {
    const rows: readonly Row[] = [
      { when: upTo('5.00'), steps: [] },
      { when: { ...upTo('9.00'), quantity: { from: 1 } }, steps: [] },
    ];
    expect(route(rows, 'first', '1', 'ISK').message).toBe(
      'The program declares no rate for ISK, the claim names no quantity, so Director rules on ISK 1.',
    );
  });

  it('shows a converted value with the date of the rates', () => {
    expect(route([{ when: upTo('25000.00'), steps: [] }], 'first', '100.00', 'EUR').message).toBe(
      `A value of EUR 100.00 (USD 117.00 at the rates of ${ACME.rates.date}) is approved without a review (up to USD 25,000.00).`,
    );
  });
});

describe('routeClaim, where exactly one row may hold', () => {
  const low: Row = { when: upTo('20000.00'), steps: [] };

  it.each<[string, readonly Row[], string]>([
    ['one holds', [low, { when: { value: { above: '20000.00' } }, steps: manager }], 'auto'],
    ['two hold', [low, { when: { value: { from: '20000.00' } }, steps: manager }], 'unclear'],
    ['another cannot be told', [low, { when: { quantity: { from: 1 } }, steps: manager }], 'unclear'],
    ['none holds', [{ when: upTo('1.00'), steps: [] }], 'unclear'],
  ])('decides only where %s', (_what, rows, kind) => {
    expect(route(rows, 'only').kind).toBe(kind);
  });

  it('says how many hold', () => {
    expect(route([low, { when: {}, steps: [] }], 'only').message).toMatch(/^2 rows of the routing hold, so Director rules/);
  });
});
