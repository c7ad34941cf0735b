import type { Asking } from '../../../program/approval/asking.ts';
import type { Question } from '../../../program/approval/question.ts';
import type { Absence, Staff } from '../../../program/approval/staff.ts';
import { defaultCalendar, workingCalendar } from '../../../program/calendar.ts';
import type { Program } from '../../../program/definition/program.ts';
import { ACME, acmeWith, OFFICE, parseOrThrow } from '../example.ts';

/** A Monday at 10:00 in New York. */
export const MONDAY = '2026-11-16T15:00:00.000Z';

export const TWO_MANAGERS = parseOrThrow(acmeWith('members: [manager]', 'members: [manager, manager2]'));

type Governance = Program['governance'];

/** What a test says of a person; the rest is nothing out of the ordinary. */
export function person(alias: string, more: Partial<Governance['people'][number]> = {}): Governance['people'][number] {
  return { alias, calendar: null, regions: [], territories: [], productLines: [], approvalLimit: null, deputy: null, quota: null, ...more };
}

export function governed(program: Program, changes: Partial<Governance>): Program {
  return { ...program, governance: { ...program.governance, ...changes } };
}

export interface Wishes {
  readonly program?: Program;
  readonly question?: Partial<Question>;
  readonly staff?: Partial<Staff>;
  readonly at?: string;
}

/** A question about an ordinary claim of a US customer, with everybody there, on a Monday morning. */
export function asking({ program = ACME, question = {}, staff = {}, at = MONDAY }: Wishes = {}): Asking {
  return {
    program,
    question: {
      kind: 'registration',
      submittedAt: MONDAY,
      value: { amount: '60000.00', currency: 'USD' },
      country: 'US',
      region: 'north_america',
      productLines: ['platform'],
      partnerManager: null,
      accountOwner: null,
      accountOwnerManager: null,
      decidedBefore: [],
      ...question,
    },
    staff: { conflicted: new Map(), inactive: new Set(), absences: new Map(), ...staff },
    calendars: (id) => {
      if (id === defaultCalendar(program).id) return OFFICE;
      const calendar = program.calendars.find((candidate) => candidate.id === id);
      if (calendar === undefined) throw new Error(`no calendar ${id}`);
      return workingCalendar(calendar, []);
    },
    at,
  };
}

export function conflicted(...aliases: readonly string[]): Pick<Staff, 'conflicted'> {
  return { conflicted: new Map(aliases.map((alias) => [alias, 'the opportunity in question is their own'])) };
}

export function away(alias: string, absence: Partial<Absence> = {}): Pick<Staff, 'absences'> {
  const whole: Absence = {
    from: '2026-11-16T00:00:00.000Z',
    until: '2026-11-30T00:00:00.000Z',
    delegate: null,
    scope: { kinds: [], regions: [], upTo: null },
    ...absence,
  };
  return { absences: new Map([[alias, [whole]]]) };
}
