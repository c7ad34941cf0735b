import {
  covers,
  mayApproveAlone,
  mayApproveIn,
  membersOf,
  mayRoleApprove,
  rolesFrom,
  rolesOf,
  rungOf,
} from '../../../program/approval/rung.ts';
import { namedPeople } from '../../../program/approval/named-people.ts';
import { ACME } from '../example.ts';
import { governed, person } from './example.ts';

const DESK = {
  role: 'finance',
  approvalLimit: '50000.00',
  deadline: { amount: 2, unit: 'business_days', restated: null },
  silence: 'escalate',
  reminders: [],
  escalatesTo: 'vp',
} as const;
const FINANCE = {
  ...(ACME.governance.roles[0] as (typeof ACME.governance.roles)[number]),
  id: 'finance',
  members: ['controller', 'director'],
};
const program = governed(ACME, {
  roles: [...ACME.governance.roles, FINANCE],
  desks: [DESK],
  people: [person('director', { approvalLimit: '200000.00', deputy: 'helper' }), person('helper', { approvalLimit: '10000.00' })],
  fallback: 'ops',
});
const usd = (amount: string) => ({ amount, currency: 'USD' });

describe('the roles that decide', () => {
  it.each([
    ['partner_manager', ['partner_manager', 'director', 'vp']],
    ['vp', ['vp']],
    ['finance', ['finance', 'vp']],
  ])('from %s up to the top', (role, expected) => {
    expect(rolesFrom(program, role)).toEqual(expected);
  });

  it('are those of the ladder and the desks; any other is a bug of the caller', () => {
    expect(rungOf(program, 'finance')).toMatchObject({ above: 'vp', approvalLimit: '50000.00' });
    expect(() => rungOf(program, 'partner_marketing')).toThrow(
      'role partner_marketing is not on the ladder of program acme, and no desk of it',
    );
  });

  it('of a person come from the ladder first; of one in no role there are none', () => {
    expect(rolesOf(program, 'director')).toEqual(['director', 'finance']);
    expect(rolesOf(program, 'rep')).toEqual([]);
    expect(membersOf(program, 'nothing')).toEqual([]);
  });
});

describe('covers', () => {
  it.each([
    ['director', 'partner_manager', true],
    ['director', 'director', true],
    ['partner_manager', 'director', false],
    ['finance', 'finance', true],
    ['finance', 'partner_manager', false],
    ['vp', 'finance', false],
  ])('what %s may approve includes what %s approves: %s', (held, needed, expected) => {
    expect(covers(program, held, needed)).toBe(expected);
  });
});

describe('limits', () => {
  it.each([
    ['of the role, itself included', mayRoleApprove(program, 'partner_manager', usd('100000.00')), true],
    ['of the role, a cent above', mayRoleApprove(program, 'partner_manager', usd('100000.01')), false],
    ['of the person below that of the role', mayApproveIn(program, 'director', 'director', usd('200000.01')), false],
    ['of the person, itself included', mayApproveIn(program, 'director', 'director', usd('200000.00')), true],
    ['are held against nothing where there is no value', mayApproveIn(program, 'partner_manager', 'helper', null), true],
    ['of the best of several roles count for a person', mayApproveAlone(program, 'director', usd('60000.00')), true],
    ['of a person without a role are the declared one', mayApproveAlone(program, 'helper', usd('10000.00')), true],
    ['of a person without a role, a cent above', mayApproveAlone(program, 'helper', usd('10000.01')), false],
    ['of somebody who has neither a role nor a limit: nothing', mayApproveAlone(program, 'rep', null), false],
  ])('%s', (_which, answer, expected) => {
    expect(answer).toBe(expected);
  });
});

it('everybody whom a program names is named once', () => {
  expect([...namedPeople(program)].toSorted()).toEqual(['controller', 'director', 'helper', 'manager', 'ops', 'vp']);
});
