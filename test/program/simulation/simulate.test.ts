import { acmeWith, parseOrThrow } from '../example.ts';
import { customerOf, daysAfter, MONDAY, past, run, runOf } from './example.ts';

const MS = 1;
const MANAGER_BAND = "{ when: { value: { upTo: '100000.00' } }, steps: [{ role: partner_manager }] }";
const DEEMED = parseOrThrow(
  acmeWith(
    MANAGER_BAND,
    "{ when: { value: { upTo: '100000.00' } }, steps: [{ role: partner_manager, deadline: 10 days, silence: approve }] }",
  ),
);
const large = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const byManager = { subject: 'routing', roles: ['partner_manager'] };

describe('a simulated protection', () => {
  it('holds what was approved at once until the window ends, and no longer', () => {
    const [only] = run([past(1)]);
    expect(only).toMatchObject({
      status: 'expired',
      ending: 'won',
      decidedBy: 'program',
      lines: ['platform'],
      protectedFrom: MONDAY,
      protectedUntil: daysAfter(90),
      waitedMs: 0,
    });
  });

  it.each([
    ['one ms before its end', daysAfter(90, -MS), 'denied', 'C02_active_protection'],
    ['at its end', daysAfter(90), 'approved', 'routing'],
    ['one ms after its end', daysAfter(90, MS), 'approved', 'routing'],
  ] as const)('stands in the way of another partner received %s', (_when, at, status, rule) => {
    expect(runOf(2, [past(1), past(2, { at })], { asOf: at })).toMatchObject({ status, rule });
  });

  it('gives way to the waitlist before a newcomer who comes at the very end', () => {
    const ended = run([past(1), past(2, { at: daysAfter(10) }), past(3, { at: daysAfter(90) })], { asOf: daysAfter(90) });
    expect(ended.map(({ status }) => status)).toEqual(['expired', 'approved', 'denied']);
  });

  it('is kept by who won, so that nobody moves up', () => {
    const history = [past(1, { end: { kind: 'won', at: daysAfter(20) } }), past(2, { at: daysAfter(10) })];
    expect(run(history).map(({ status }) => status)).toEqual(['won', 'denied']);
  });

  it.each(['lost', 'revoked', 'withdrawn'] as const)('moves the waitlist up when its claim is %s', (kind) => {
    const history = [past(1, { end: { kind, at: daysAfter(20) } }), past(2, { at: daysAfter(10) })];
    expect(run(history, { asOf: daysAfter(20) }).map(({ status }) => status)).toEqual([kind, 'approved']);
  });

  it.each([
    ['the last ms of the waitlist', daysAfter(10 + 180, -MS), 'approved'],
    ['its end', daysAfter(10 + 180), 'denied'],
  ] as const)('moves a claim up until %s', (_when, at, status) => {
    const endless = parseOrThrow(acmeWith('  window: 90 days', '  window: 300 days'));
    const history = [past(1, { end: { kind: 'lost', at } }), past(2, { at: daysAfter(10) })];
    expect(runOf(2, history, { program: endless, asOf: at }).status).toBe(status);
  });

  it('is prolonged as it really was, as often as the program allows', () => {
    const extensions = [
      { at: daysAfter(80), days: 30 },
      { at: daysAfter(110), days: 30 },
    ];
    expect(run([past(1, { extensions })])[0]?.protectedUntil).toBe(daysAfter(120));
  });

  it('is not prolonged once it has ended', () => {
    expect(run([past(1, { extensions: [{ at: daysAfter(90), days: 30 }] })])[0]?.protectedUntil).toBe(daysAfter(90));
  });

  it('is never given twice, even by a program whose rules do not look', () => {
    const blind = parseOrThrow(
      acmeWith(
        `on: { exact: { outcome: deny, waitlist: true }, probable: { outcome: review, decider: partner_manager } }`,
        `on: { exact: { outcome: note }, probable: { outcome: note } }`,
      ),
    );
    expect(run([past(1), past(2, { at: daysAfter(1) })], { program: blind, asOf: daysAfter(2) }).map(({ status }) => status)).toEqual([
      'approved',
      'denied',
    ]);
  });

  it('does not stand against other lines or other customers', () => {
    const history = [
      past(1),
      past(2, { at: daysAfter(1), claim: { productLines: ['analytics'] } }),
      past(3, { at: daysAfter(1), claim: { customer: customerOf('contoso') } }),
    ];
    expect(run(history, { asOf: daysAfter(2) }).map(({ status }) => status)).toEqual(['approved', 'approved', 'approved']);
  });
});

describe('a simulated question', () => {
  it('stays open where nobody answered, and climbs the ladder on silence', () => {
    // Monday 10:00: Tuesday 10:00 the director, Wednesday 10:00 the vice president, who is asked for ever.
    expect(run([past(1, { claim: large })])[0]).toMatchObject({
      ending: 'waiting',
      asked: ['partner_manager', 'director', 'vp'],
      decidedAt: null,
      waitedMs: 365 * 24 * 60 * 60 * 1000,
    });
  });

  it.each([
    ['before the deadline', daysAfter(1, -MS), ['partner_manager']],
    ['at the deadline', daysAfter(1), ['partner_manager', 'director']],
  ] as const)('is with the right people %s', (_when, asOf, asked) => {
    expect(run([past(1, { claim: large })], { asOf })[0]?.asked).toEqual(asked);
  });

  it('is answered as it really was, when it was', () => {
    const answers = [{ at: daysAfter(3), decision: 'approve', by: 'manager', question: byManager }] as const;
    expect(run([past(1, { claim: large, answers })], { asOf: daysAfter(4) })[0]).toMatchObject({
      status: 'approved',
      decidedBy: 'people',
      decidedAt: daysAfter(3),
    });
  });

  it('is not answered by what was said to another question', () => {
    const answers = [
      { at: daysAfter(3), decision: 'approve', by: 'director', question: { subject: 'routing', roles: ['director'] } },
    ] as const;
    expect(run([past(1, { claim: large, answers })])[0]?.ending).toBe('waiting');
  });

  it('takes an answer that came before the question arose here as soon as it arises', () => {
    const answers = [{ at: daysAfter(1), decision: 'deny', by: 'manager', question: byManager }] as const;
    const history = [past(1, { at: daysAfter(2), claim: large, answers })];
    expect(run(history)[0]).toMatchObject({ status: 'denied', decidedBy: 'people', decidedAt: daysAfter(2) });
  });

  it.each([
    ['one ms before the time is up', daysAfter(10, -MS), 'in_review', null],
    ['when the time is up', daysAfter(10), 'approved', 'silence'],
  ] as const)('is answered by silence where the program says so: %s', (_when, asOf, status, decidedBy) => {
    expect(run([past(1, { claim: large })], { program: DEEMED, asOf })[0]).toMatchObject({ status, decidedBy });
  });

  it('is not answered with yes by silence when the rules refuse by then', () => {
    // Another line is approved meanwhile to another partner, and then the claim is amended to ask for it too: the rules are asked again.
    const history = [
      past(1, { claim: large, amended: [{ at: daysAfter(5), claim: { ...large, productLines: ['platform', 'analytics'] } }] }),
      past(2, { at: daysAfter(4), claim: { productLines: ['analytics'] } }),
    ];
    expect(runOf(1, history, { program: DEEMED, asOf: daysAfter(30) })).toMatchObject({ status: 'denied', rule: 'C02_active_protection' });
  });

  it('is answered with yes by everybody in time, where the run is told to assume that', () => {
    expect(run([past(1, { claim: large })], { unanswered: 'yes', asOf: daysAfter(1) })[0]).toMatchObject({
      status: 'approved',
      decidedBy: 'people',
      asked: ['partner_manager'],
    });
  });

  it('keeps its real answer also where the run assumes a yes', () => {
    const answers = [{ at: daysAfter(3), decision: 'deny', by: 'manager', question: byManager }] as const;
    expect(run([past(1, { claim: large, answers })], { unanswered: 'yes' })[0]).toMatchObject({
      status: 'denied',
      decidedAt: daysAfter(3),
    });
  });
});

describe('a simulated claim that waits', () => {
  const history = (kind: 'withdrawn' | null) => [
    past(1, { claim: large, end: kind === null ? null : { kind, at: daysAfter(2) } }),
    past(2, { at: daysAfter(1) }),
  ];

  it('waits as long as the earlier one is undecided', () => {
    expect(run(history(null), { asOf: daysAfter(8) })[1]).toMatchObject({ ending: 'waiting', rule: 'C03_competing_pending', asked: [] });
  });

  it('is judged when the earlier one is gone', () => {
    expect(run(history('withdrawn'), { asOf: daysAfter(2) })[1]).toMatchObject({ status: 'approved', decidedAt: daysAfter(2) });
  });

  it('is denied when the earlier one is approved', () => {
    expect(run(history(null), { program: DEEMED, asOf: daysAfter(10) }).map(({ status }) => status)).toEqual(['approved', 'denied']);
  });
});

describe('a simulated claim that is given back', () => {
  const returned = [{ at: daysAfter(1), decision: 'return', by: 'manager', question: byManager }] as const;

  it.each([
    ['the last ms', daysAfter(15, -MS), 'returned', 'waiting'],
    ['the end', daysAfter(15), 'lapsed', 'lost'],
  ] as const)('waits for its partner until %s of the time', (_when, asOf, status, ending) => {
    expect(run([past(1, { claim: large, answers: returned })], { asOf })[0]).toMatchObject({ status, ending });
  });

  it('is judged anew when it is amended', () => {
    const amended = [{ at: daysAfter(5), claim: { estimatedValue: { amount: '9000.00', currency: 'USD' } } }];
    expect(run([past(1, { claim: large, answers: returned, amended })], { asOf: daysAfter(6) })[0]).toMatchObject({
      status: 'approved',
      decidedAt: daysAfter(5),
    });
  });
});

describe('a frozen receipt', () => {
  const FREEZE = parseOrThrow(
    acmeWith('returned: # a claim', "freezes: [{ from: 2026-06-01, until: 2026-06-05, time: '00:00' }]\n\nreturned: # a claim"),
  );

  it('is judged when claims are taken again, in the order of receipt', () => {
    const end = '2026-06-05T04:00:00.000Z';
    const history = [past(1), past(2, { at: daysAfter(1) })];
    expect(run(history, { program: FREEZE, asOf: end }).map(({ status, decidedAt }) => [status, decidedAt])).toEqual([
      ['approved', end],
      ['denied', end],
    ]);
  });
});

describe('a deal that closes too soon for the program', () => {
  it('closes when the declared time is over', () => {
    const patient = parseOrThrow(acmeWith('  window: 90 days', '  window: 90 days\n  waitBeforeClose: 72 hours'));
    const history = [past(1, { end: { kind: 'won', at: daysAfter(1) } })];
    const statusAt = (asOf: string) => run(history, { program: patient, asOf })[0]?.status;
    expect([statusAt(daysAfter(3, -MS)), statusAt(daysAfter(3))]).toEqual(['approved', 'won']);
  });
});
