import { bareStep } from '../../../program/approval/planned-stage.ts';
import type { Absence } from '../../../program/approval/staff.ts';
import { openStep } from '../../../program/approval/step.ts';
import { asking, away, conflicted, governed, MONDAY, person, TWO_MANAGERS, type Wishes } from './example.ts';

const FIRST = { number: 1, reason: 'asked' } as const;
const ask = (wishes: Wishes = {}) => openStep(asking({ program: TWO_MANAGERS, ...wishes }), bareStep('partner_manager'), FIRST);
const at = (at: string) => ({ at });

describe('an approver who is away', () => {
  it('is replaced by the delegate of the absence, who answers in the own place', () => {
    expect(ask({ staff: away('manager', { delegate: 'director' }) })).toMatchObject({
      role: 'partner_manager',
      approver: 'director',
      onBehalfOf: 'manager',
      standIns: { director: 'manager' },
    });
  });

  it('is replaced by the deputy that the program names where the absence names nobody', () => {
    const program = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'manager2' })] });
    expect(ask({ program, staff: away('manager') })).toMatchObject({ approver: 'manager2', onBehalfOf: 'manager' });
  });

  it('is passed over for the next member where nobody stands in', () => {
    expect(ask({ staff: away('manager') })).toMatchObject({ approver: 'manager2', onBehalfOf: null });
  });

  it('may still decide, since who is away may look in', () => {
    expect(ask({ staff: away('manager') }).mayDecide).toContain('manager');
  });

  const { from, until } = { from: MONDAY, until: '2026-11-20T15:00:00.000Z' };
  it.each([
    ['the last instant before', '2026-11-16T14:59:59.999Z', 'manager'],
    ['its beginning', from, 'manager2'],
    ['the last instant of it', '2026-11-20T14:59:59.999Z', 'manager2'],
    ['its end', until, 'manager'],
  ])('is away from the beginning to before the end: %s', (_when, now, approver) => {
    expect(ask({ staff: away('manager', { from, until }), ...at(now) }).approver).toBe(approver);
  });

  it('tells the step when the approver goes away later, and forgets what is over', () => {
    const later = '2026-11-17T12:00:00.000Z';
    expect(ask({ staff: away('manager', { from: later }) })).toMatchObject({ approver: 'manager', awayFrom: later });
    expect(ask({ staff: away('manager', { from: '2026-11-01T00:00:00.000Z', until: MONDAY }) })).toMatchObject({
      approver: 'manager',
      awayFrom: null,
    });
  });
});

describe('the scope of an absence', () => {
  const scoped = (scope: Partial<Absence['scope']>) => away('manager', { scope: { kinds: [], regions: [], upTo: null, ...scope } });
  const value = (amount: string) => ({ value: { amount, currency: 'USD' } });

  it.each([
    ['this kind of question', { kinds: ['registration'] }, {}, 'manager2'],
    ['another kind', { kinds: ['extension', 'case'] }, {}, 'manager'],
    ['this region', { regions: ['north_america'] }, {}, 'manager2'],
    ['another region', { regions: ['emea'] }, {}, 'manager'],
    ['a region, and the customer is in none', { regions: ['emea'] }, { region: null }, 'manager'],
    ['values up to it, last inside', { upTo: '60000.00' }, value('60000.00'), 'manager2'],
    ['values up to it, first outside', { upTo: '60000.00' }, value('60000.01'), 'manager'],
    ['values, and this one is not known', { upTo: '60000.00' }, { value: null }, 'manager'],
  ] as const)('covers %s', (_what, scope, question, approver) => {
    expect(ask({ staff: scoped(scope), question }).approver).toBe(approver);
  });
});

describe('who stands in', () => {
  it('may not where the one who is away has a stake: a conflict is not lifted by being away', () => {
    const staff = { ...away('manager', { delegate: 'director' }), ...conflicted('manager') };
    expect(ask({ staff })).toMatchObject({ approver: 'manager2', standIns: {} });
  });

  it('may not with a stake of the own, nor while away or gone as well', () => {
    expect(ask({ staff: { ...away('manager', { delegate: 'director' }), ...conflicted('director') } }).approver).toBe('manager2');
    expect(ask({ staff: { ...away('manager', { delegate: 'director' }), inactive: new Set(['director']) } }).approver).toBe('manager2');
    const both = new Map([...away('manager', { delegate: 'director' }).absences, ...away('director').absences]);
    expect(ask({ staff: { absences: both } }).approver).toBe('manager2');
  });

  it('is the deputy where the delegate cannot', () => {
    const program = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'vp' })] });
    const staff = { ...away('manager', { delegate: 'director' }), ...conflicted('director') };
    expect(ask({ program, staff })).toMatchObject({ approver: 'vp', onBehalfOf: 'manager' });
  });

  it('never stands in for oneself', () => {
    const program = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'manager' })] });
    expect(ask({ program, staff: away('manager', { delegate: 'manager' }) })).toMatchObject({ approver: 'manager2' });
  });
});

describe('the lower of both limits', () => {
  const value = (amount: string) => ({ question: { value: { amount, currency: 'USD' } } });
  const program = governed(TWO_MANAGERS, {
    roles: TWO_MANAGERS.governance.roles.map((role) => (role.id === 'partner_manager' ? { ...role, members: ['manager'] } : role)),
    people: [person('helper', { approvalLimit: '30000.00' }), person('manager', { approvalLimit: '80000.00' })],
  });
  const standing = (delegate: string, amount: string) => ask({ program, staff: away('manager', { delegate }), ...value(amount) });

  it.each([
    ['within the limit of the delegate', 'helper', '30000.00', { approver: 'helper', onBehalfOf: 'manager' }],
    ['above the limit of the delegate', 'helper', '30000.01', { role: 'director', approver: 'director', onBehalfOf: null }],
    [
      'within the limit of the one who is away, though the delegate has a higher one',
      'vp',
      '80000.00',
      { approver: 'vp', onBehalfOf: 'manager' },
    ],
    [
      'above the limit of the one who is away, though the delegate has a higher one',
      'vp',
      '80000.01',
      { role: 'director', approver: 'director' },
    ],
    ['by a delegate who has no right to decide anything', 'somebody', '1.00', { role: 'director', approver: 'director' }],
  ])('holds: %s', (_what, delegate, amount, expected) => {
    expect(standing(delegate, amount)).toMatchObject(expected);
  });
});

describe('a deactivated approver', () => {
  it('is replaced by the deputy, and decides nothing any more', () => {
    const program = governed(TWO_MANAGERS, { people: [person('manager', { deputy: 'director' })] });
    const step = ask({ program, staff: { inactive: new Set(['manager']) } });
    expect(step).toMatchObject({ approver: 'director', onBehalfOf: 'manager', mayDecide: ['director', 'manager2', 'vp'] });
  });

  it('is passed over where nobody stands in', () => {
    expect(ask({ staff: { inactive: new Set(['manager']) } })).toMatchObject({
      approver: 'manager2',
      mayDecide: ['manager2', 'director', 'vp'],
    });
  });
});
