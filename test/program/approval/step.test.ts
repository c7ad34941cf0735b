import { bareStep, type PlannedStep } from '../../../program/approval/planned-stage.ts';
import { openStep } from '../../../program/approval/step.ts';
import { ACME, acmeWith, parseOrThrow } from '../example.ts';
import { asking, conflicted, governed, MONDAY, person, TWO_MANAGERS, type Wishes } from './example.ts';

const FIRST = { number: 1, reason: 'asked' } as const;
const open = (planned: string | PlannedStep, wishes: Wishes = {}, spent?: ReadonlySet<string>) =>
  openStep(asking(wishes), typeof planned === 'string' ? bareStep(planned) : planned, {
    ...FIRST,
    ...(spent === undefined ? {} : { spent }),
  });

describe('openStep', () => {
  it('asks the default manager of a partner that has none, within one business day', () => {
    expect(open('partner_manager')).toEqual({
      name: 'partner_manager',
      role: 'partner_manager',
      number: 1,
      reason: 'asked',
      approver: 'manager',
      onBehalfOf: null,
      asked: ['manager'],
      tried: [],
      mayDecide: ['manager', 'director', 'vp'],
      standIns: {},
      isFallback: false,
      openedAt: MONDAY,
      dueAt: '2026-11-17T15:00:00.000Z',
      silence: 'escalate',
      reminders: [],
      remindedAt: null,
      awayFrom: null,
      planned: bareStep('partner_manager'),
    });
  });

  it.each([
    ['a manager of its own', 'manager2', 'manager2', ['manager2', 'manager', 'director', 'vp']],
    ['a manager who decides higher up', 'director', 'director', ['director', 'manager', 'manager2', 'vp']],
    ['a manager who decides nothing', 'rep', 'manager', ['manager', 'manager2', 'director', 'vp']],
    ['a manager nobody knows', 'nobody', 'manager', ['manager', 'manager2', 'director', 'vp']],
  ])('asks, for a partner with %s', (_what, partnerManager, approver, mayDecide) => {
    expect(open('partner_manager', { program: TWO_MANAGERS, question: { partnerManager } })).toMatchObject({ approver, mayDecide });
  });

  it("does not ask the partner's manager in a director's step", () => {
    expect(open('director', { question: { partnerManager: 'manager' } })).toMatchObject({
      approver: 'director',
      mayDecide: ['director', 'vp'],
    });
  });

  it.each([
    ['the director', 'director', ['director', 'vp'], '2026-11-17T15:00:00.000Z', 'escalate'],
    ['the VP', 'vp', ['vp'], '2026-11-19T15:00:00.000Z', 'keep_asking'],
  ])('gives %s the declared time and answer to silence', (_who, role, mayDecide, dueAt, silence) => {
    expect(open(role)).toMatchObject({ role, mayDecide, dueAt, silence });
  });

  it.each([
    ['another member of the role', TWO_MANAGERS, ['manager'], 'partner_manager', 'manager2', ['manager2', 'director', 'vp']],
    ['the next role up', ACME, ['manager'], 'director', 'director', ['director', 'vp']],
    ['two roles up', ACME, ['manager', 'director'], 'vp', 'vp', ['vp']],
  ])('passes somebody with a stake over to %s', (_what, program, excluded, role, approver, mayDecide) => {
    expect(open('partner_manager', { program, staff: conflicted(...excluded) })).toMatchObject({ role, name: role, approver, mayDecide });
  });

  it("passes over the partner's own manager to the default one", () => {
    const wishes = { program: TWO_MANAGERS, question: { partnerManager: 'manager2' }, staff: conflicted('manager2') };
    expect(open('partner_manager', wishes)).toMatchObject({ approver: 'manager' });
  });

  it('leaves out people with a stake who are not asked, too', () => {
    expect(open('partner_manager', { staff: conflicted('vp') }).mayDecide).toEqual(['manager', 'director']);
  });

  it('has no approver when everybody has a stake, and keeps asking at the top', () => {
    expect(open('partner_manager', { staff: conflicted('manager', 'director', 'vp') })).toMatchObject({
      role: 'vp',
      approver: null,
      asked: [],
      mayDecide: [],
      silence: 'keep_asking',
      isFallback: false,
    });
  });

  it('asks the fallback of the program then, unless that person has a stake too', () => {
    const program = governed(ACME, { fallback: 'ops' });
    const nobody = ['manager', 'director', 'vp'];
    expect(open('partner_manager', { program, staff: conflicted(...nobody) })).toMatchObject({
      role: 'vp',
      approver: 'ops',
      mayDecide: ['ops'],
      isFallback: true,
    });
    expect(open('partner_manager', { program, staff: conflicted(...nobody, 'ops') })).toMatchObject({ approver: null, isFallback: false });
  });

  it.each(['rep', 'partner_marketing', 'auto'])('knows no step of %s', (role) => {
    expect(() => open(role)).toThrow('not on the ladder');
  });
});

describe('a planned step', () => {
  const planned: PlannedStep = { role: 'director', deadline: { amount: 10, unit: 'business_days' }, silence: 'approve' };

  it('has its own deadline and answer to silence', () => {
    expect(open(planned)).toMatchObject({ role: 'director', dueAt: '2026-12-01T15:00:00.000Z', silence: 'approve', planned });
  });

  it('leaves them behind when another role answers in its place', () => {
    expect(open(planned, { staff: conflicted('director') })).toMatchObject({
      role: 'vp',
      dueAt: '2026-11-19T15:00:00.000Z',
      silence: 'keep_asking',
      planned: bareStep('vp'),
    });
  });

  it('reminds at its own points, or at those of its role, and only before the deadline', () => {
    const reminders = [
      { amount: 2, unit: 'business_hours', restated: null },
      { amount: 1, unit: 'business_days', restated: null },
    ] as const;
    expect(open({ ...bareStep('director'), reminders }).reminders).toEqual(['2026-11-16T17:00:00.000Z']);
    const [lowest, ...others] = ACME.governance.ladder;
    const program = governed(ACME, { ladder: [{ ...(lowest as NonNullable<typeof lowest>), reminders: [...reminders] }, ...others] });
    expect(open('partner_manager', { program }).reminders).toEqual(['2026-11-16T17:00:00.000Z']);
  });
});

describe('a step whose time runs from the submission', () => {
  const planned: PlannedStep = { role: 'director', deadline: { amount: 10, unit: 'days' }, silence: 'approve', from: 'submission' };
  const opened = (submittedAt: string, step: PlannedStep = planned, more: Wishes = {}) =>
    open(step, { question: { submittedAt }, ...more });

  it.each([
    ['asked at once', MONDAY, '2026-11-26T15:00:00.000Z'],
    ['asked after three days', '2026-11-13T15:00:00.000Z', '2026-11-23T15:00:00.000Z'],
    ['asked in its last millisecond', '2026-11-06T15:00:00.001Z', '2026-11-16T15:00:00.001Z'],
    ['asked when it is over', '2026-11-06T15:00:00.000Z', MONDAY],
    ['asked later: not in the past', '2026-10-01T15:00:00.000Z', MONDAY],
  ])('is due that long after the receipt: %s', (_when, submittedAt, dueAt) => {
    expect(opened(submittedAt)).toMatchObject({ role: 'director', openedAt: MONDAY, dueAt });
  });

  it('is due that long after it is asked where it does not say so', () => {
    const { from: _from, ...plain } = planned;
    expect(opened('2026-11-13T15:00:00.000Z', plain).dueAt).toBe('2026-11-26T15:00:00.000Z');
  });

  it("takes the time of its role's rung where it names none", () => {
    expect(opened('2026-11-13T15:00:00.000Z', { ...bareStep('vp'), from: 'submission' }).dueAt).toBe('2026-11-18T15:00:00.000Z');
  });

  it('leaves whoever stands in the full time of the own role', () => {
    expect(opened('2026-11-13T15:00:00.000Z', planned, { staff: conflicted('director') })).toMatchObject({
      role: 'vp',
      dueAt: '2026-11-19T15:00:00.000Z',
    });
  });
});

describe('who granted an earlier step', () => {
  it.each([
    [
      'is passed over for another member',
      'partner_manager',
      ['manager'],
      { role: 'partner_manager', approver: 'manager2', mayDecide: ['manager2', 'director', 'vp'] },
    ],
    ['is passed over for the next role', 'director', ['director'], { role: 'vp', approver: 'vp', mayDecide: ['vp'] }],
    ['is asked again where nobody else is left', 'vp', ['vp'], { role: 'vp', approver: 'vp', mayDecide: ['vp'] }],
  ])('%s', (_what, role, spent, expected) => {
    expect(open(role, { program: TWO_MANAGERS }, new Set(spent))).toMatchObject(expected);
  });

  it('is never asked where a stake in the deal forbids it', () => {
    expect(open('vp', { staff: conflicted('vp') }, new Set(['vp']))).toMatchObject({ approver: null, mayDecide: [] });
  });

  it('hears an appeal against the own decision only where nobody else is left', () => {
    expect(open('director', { question: { decidedBefore: ['director'] } })).toMatchObject({ approver: 'vp', mayDecide: ['vp'] });
    expect(open('vp', { question: { decidedBefore: ['vp'] } })).toMatchObject({ approver: 'vp' });
  });
});

describe('whom a step asks', () => {
  const people = [
    person('manager', { regions: ['emea'], productLines: ['platform'] }),
    person('manager2', { regions: ['apac', 'north_america'], territories: ['US'], productLines: ['analytics'] }),
  ];
  const program = governed(TWO_MANAGERS, { people });

  it.each([
    ['whose region the customer is in', ['region'], {}, 'manager2'],
    ['whose territory the customer is in', ['territory'], {}, 'manager2'],
    ['whose product line it is', ['product_line'], {}, 'manager'],
    ['whose product line is one of several', ['product_line'], { productLines: ['automation', 'analytics'] }, 'manager2'],
    ['whose region and product line it is', ['region', 'product_line'], { productLines: ['analytics'] }, 'manager2'],
  ] as const)('is the member %s', (_what, by, question, approver) => {
    expect(open({ ...bareStep('partner_manager'), by: [...by] }, { program, question })).toMatchObject({
      role: 'partner_manager',
      approver,
    });
  });

  it.each([
    ['nobody has the region', ['region'], { region: 'latin_america', country: 'BR' }],
    ['the country is in no region', ['region'], { region: null, country: 'XX' }],
    ['nobody has both', ['region', 'product_line'], {}],
  ] as const)('is the next role up where %s', (_what, by, question) => {
    expect(open({ ...bareStep('partner_manager'), by: [...by] }, { program, question })).toMatchObject({ role: 'director' });
  });

  it("is the owner of the customer's account, or whom that user reports to", () => {
    const question = { accountOwner: 'rep', accountOwnerManager: 'manager2' };
    expect(open({ ...bareStep('partner_manager'), asks: 'account_owner' }, { question })).toMatchObject({
      approver: 'rep',
      asked: ['rep'],
    });
    expect(open({ ...bareStep('partner_manager'), asks: 'account_owner_manager' }, { question })).toMatchObject({ approver: 'manager2' });
  });

  it('is the next role up where nobody owns the account, or the owner has a stake', () => {
    const planned: PlannedStep = { ...bareStep('partner_manager'), asks: 'account_owner' };
    expect(open(planned)).toMatchObject({ role: 'director' });
    expect(open(planned, { question: { accountOwner: 'rep' }, staff: conflicted('rep') })).toMatchObject({ role: 'director' });
  });

  it('is everybody of a queue at once', () => {
    expect(open({ ...bareStep('partner_manager'), asks: 'queue' }, { program })).toMatchObject({
      approver: 'manager',
      asked: ['manager', 'manager2'],
      mayDecide: ['manager', 'manager2', 'director', 'vp'],
    });
    expect(open({ ...bareStep('partner_manager'), asks: 'queue' }, { program, staff: conflicted('manager') })).toMatchObject({
      approver: 'manager2',
      asked: ['manager2'],
    });
  });

  it('may be a desk beside the ladder, which hands up to it', () => {
    const finance = {
      ...ACME.governance.roles[0],
      id: 'finance',
      label: 'Finance',
      members: ['fin'],
    } as (typeof ACME.governance.roles)[number];
    const desk = {
      role: 'finance',
      approvalLimit: null,
      deadline: { amount: 2, unit: 'business_days', restated: null },
      silence: 'escalate',
      reminders: [],
      escalatesTo: 'vp',
    } as const;
    const desked = governed(ACME, { roles: [...ACME.governance.roles, finance], desks: [desk] });
    expect(open('finance', { program: desked })).toMatchObject({ role: 'finance', approver: 'fin', mayDecide: ['fin', 'vp'] });
    expect(open('finance', { program: desked, staff: conflicted('fin') })).toMatchObject({ role: 'vp', approver: 'vp' });
  });
});

describe('approval limits', () => {
  const value = (amount: string) => ({ question: { value: { amount, currency: 'USD' } } });

  it.each([
    ['last inside', '100000.00', 'partner_manager'],
    ['first outside', '100000.01', 'director'],
    ['last inside of the director', '250000.00', 'director'],
    ['first outside of the director', '250000.01', 'vp'],
  ])('put a value up that is more than the role may approve: %s', (_edge, amount, role) => {
    expect(open('partner_manager', value(amount))).toMatchObject({ role });
  });

  it('are not held against what has no value, such as a conflict', () => {
    expect(open('partner_manager', { question: { kind: 'case', value: null } })).toMatchObject({ role: 'partner_manager' });
  });

  it('of a person are lower than those of the role', () => {
    const program = governed(TWO_MANAGERS, { people: [person('manager', { approvalLimit: '50000.00' })] });
    expect(open('partner_manager', { program, ...value('50000.00') })).toMatchObject({ approver: 'manager' });
    expect(open('partner_manager', { program, ...value('50000.01') })).toMatchObject({
      approver: 'manager2',
      mayDecide: ['manager2', 'director', 'vp'],
    });
  });
});

describe('the deadline', () => {
  const tokyo = {
    ...(ACME.calendars[0] as (typeof ACME.calendars)[number]),
    id: 'tokyo',
    timeZone: 'Asia/Tokyo',
  };
  const program = {
    ...governed(ACME, { people: [person('director', { calendar: 'tokyo' })] }),
    calendars: [...ACME.calendars, tokyo],
    regions: ACME.regions.map((region) => (region.id === 'apac' ? { ...region, calendar: 'tokyo' } : region)),
  };

  it('counts the working time of whoever is asked', () => {
    // Tuesday 00:00 in Tokyo: from 09:00 there, one business day later.
    expect(open('director', { program }).dueAt).toBe('2026-11-18T00:00:00.000Z');
  });

  it("counts that of the customer's region for whom none is declared", () => {
    expect(open('partner_manager', { program, question: { region: 'apac', country: 'JP' } }).dueAt).toBe('2026-11-18T00:00:00.000Z');
    expect(open('partner_manager', { program }).dueAt).toBe('2026-11-17T15:00:00.000Z');
  });
});

it('knows the sample program as it is written', () => {
  expect(parseOrThrow(acmeWith('headcount: 6', 'headcount: 7')).governance.desks).toEqual([]);
});
