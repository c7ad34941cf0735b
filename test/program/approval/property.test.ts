import fc from 'fast-check';
import { answeredBy, answerersOf, needsAttention, type Approval } from '../../../program/approval/approval.ts';
import type { Asking } from '../../../program/approval/asking.ts';
import { delegateStep, reassignStep } from '../../../program/approval/hand-over.ts';
import { nextDue } from '../../../program/approval/next-due.ts';
import { grantStep, openApproval } from '../../../program/approval/open-approval.ts';
import { askTheTop, passTime } from '../../../program/approval/pass-time.ts';
import { type PlannedStage, type PlannedStep } from '../../../program/approval/planned-stage.ts';
import { reconsider } from '../../../program/approval/replace-step.ts';
import { askOn } from '../../../program/approval/silence.ts';
import type { Absence, Staff } from '../../../program/approval/staff.ts';
import type { Program } from '../../../program/definition/program.ts';
import { ACME } from '../example.ts';
import { asking, governed, MONDAY, person } from './example.ts';

const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const ROLES = ['partner_manager', 'director', 'vp'] as const;
const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.parse(MONDAY) + days * DAY).toISOString();

const someone = fc.constantFrom(...PEOPLE);
const members = fc.uniqueArray(someone, { minLength: 1, maxLength: 3 });
const silence = fc.constantFrom('escalate', 'keep_asking', 'approve', 'deny', 'reassign');

const step: fc.Arbitrary<PlannedStep> = fc.record({
  role: fc.constantFrom(...ROLES),
  deadline: fc.constant(null),
  silence: fc.option(fc.constantFrom('keep_asking', 'approve', 'deny', 'reassign')),
});
const stage: fc.Arbitrary<PlannedStage> = fc.oneof(
  step,
  fc.record({ parallel: fc.tuple(step, step), needs: fc.constantFrom('all', 'any') }),
  step.map((planned): PlannedStep => ({ ...planned, asks: 'queue' })),
);

/** What differs from acme's governance; kept small, so that a counterexample can be read. */
const people = fc.record({
  members: fc.tuple(members, members, members),
  silences: fc.tuple(silence, silence),
  deputies: fc.array(fc.tuple(someone, someone), { maxLength: 3 }),
  limits: fc.array(fc.tuple(someone, fc.constantFrom('10000.00', '90000.00', '400000.00')), { maxLength: 3 }),
  fallback: fc.option(someone),
  reminders: fc.boolean(),
});
type People = typeof people extends fc.Arbitrary<infer Value> ? Value : never;

function programOf({ members: byRole, silences, deputies, limits, fallback, reminders }: People): Program {
  const { governance } = ACME;
  return governed(ACME, {
    roles: governance.roles.map((role) => {
      const at = ROLES.indexOf(role.id as (typeof ROLES)[number]);
      return at < 0 ? role : { ...role, members: byRole[at] ?? [] };
    }),
    ladder: governance.ladder.map((rung, at) => ({
      ...rung,
      silence: silences[at] ?? rung.silence,
      reminders: reminders ? [{ amount: 2, unit: 'business_hours', restated: null }] : [],
    })),
    defaultManager: byRole[0][0] as string,
    fallback,
    people: PEOPLE.map((alias) =>
      person(alias, {
        deputy: deputies.find(([of, deputy]) => of === alias && deputy !== alias)?.[1] ?? null,
        approvalLimit: limits.find(([of]) => of === alias)?.[1] ?? null,
      }),
    ),
  });
}

const absence: fc.Arbitrary<readonly [string, Absence]> = fc
  .record({ who: someone, from: fc.integer({ min: -3, max: 20 }), length: fc.integer({ min: 1, max: 15 }), delegate: fc.option(someone) })
  .map(({ who, from, length, delegate }) => [
    who,
    { from: inDays(from), until: inDays(from + length), delegate, scope: { kinds: [], regions: [], upTo: null } },
  ]);
const staff = fc.record({
  conflicted: fc.uniqueArray(someone, { maxLength: 3 }),
  inactive: fc.uniqueArray(someone, { maxLength: 2 }),
  absences: fc.array(absence, { maxLength: 5 }),
});
type StaffList = typeof staff extends fc.Arbitrary<infer Value> ? Value : never;

function staffOf({ conflicted, inactive, absences }: StaffList): Staff {
  return {
    conflicted: new Map(conflicted.map((alias) => [alias, 'it is their own'])),
    inactive: new Set(inactive),
    absences: new Map(PEOPLE.map((alias) => [alias, absences.filter(([who]) => who === alias).map(([, one]) => one)])),
  };
}

type Event =
  | { readonly kind: 'time' }
  | { readonly kind: 'yes'; readonly actor: string }
  | { readonly kind: 'delegate' | 'reassign'; readonly actor: string; readonly to: string }
  | { readonly kind: 'staff'; readonly staff: StaffList };
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'time' as const }) },
  fc.record({ kind: fc.constant('yes' as const), actor: someone }),
  fc.record({ kind: fc.constantFrom('delegate' as const, 'reassign' as const), actor: someone, to: someone }),
  fc.record({ kind: fc.constant('staff' as const), staff }),
);

/** What has to hold of every open question at any time, whoever did what before. */
function check(now: Asking, approval: Approval, numbers: Set<number>, before: readonly number[]): void {
  const { conflicted } = now.staff;
  for (const { number, approver, dueAt, asked, mayDecide, reminders } of approval.steps) {
    expect(dueAt >= now.at || before.includes(number)).toBe(true);
    expect(before.includes(number) || !numbers.has(number)).toBe(true);
    expect(number).toBeLessThanOrEqual(approval.lastNumber);
    numbers.add(number);
    expect(approver !== null || needsAttention(approval)).toBe(true);
    if (approver !== null) expect(asked).toContain(approver);
    if (!before.includes(number)) {
      // Whoever is asked anew has no stake, is there, and is in nobody's place who has one.
      expect([...asked, ...mayDecide].filter((alias) => conflicted.has(alias))).toEqual([]);
      expect(mayDecide.filter((alias) => now.staff.inactive.has(alias))).toEqual([]);
    }
    expect(reminders.every((at) => at < dueAt)).toBe(true);
  }
  expect(new Set(approval.steps.map(({ number }) => number)).size).toBe(approval.steps.length);
}

describe('an approval', () => {
  it('always has an owner and a deadline or asks for attention, goes on by itself, and is never with somebody who has a stake', () => {
    fc.assert(
      fc.property(
        people,
        staff,
        fc.tuple(stage, fc.array(stage, { maxLength: 2 })),
        fc.constantFrom('20000.00', '120000.00', '300000.00'),
        fc.array(event, { maxLength: 30 }),
        (used, first, [opening, further], amount, events) => {
          let now = asking({ program: programOf(used), staff: staffOf(first), question: { value: { amount, currency: 'USD' } } });
          let approval = openApproval(now, [opening, ...further], 0);
          const numbers = new Set<number>();
          check(now, approval, numbers, []);
          for (const happening of events) {
            const before = approval.steps.map(({ number }) => number);
            switch (happening.kind) {
              case 'time': {
                const due = nextDue(approval);
                now = { ...now, at: due.at > now.at ? due.at : now.at };
                const passed = passTime(now, approval);
                if (passed.kind === 'nothing') throw new Error(`nothing moves at ${due.at}, when ${due.kind} is due`);
                if (passed.kind === 'moved') approval = passed.approval;
                // A silent no ends it. A silent yes that the rules do not allow goes on.
                else if (passed.decision === 'deny') return;
                else approval = passed.step === null ? askTheTop(now, approval, 'not_deemed') : askOn(now, approval, passed.step);
                break;
              }
              case 'yes': {
                const answered = answeredBy(approval, happening.actor);
                if (answered === null || now.staff.conflicted.has(happening.actor)) break;
                const granted = grantStep(now, approval, answered, happening.actor);
                if (granted.kind === 'complete') return;
                approval = granted.approval;
                break;
              }
              case 'delegate':
              case 'reassign': {
                const hand = happening.kind === 'delegate' ? delegateStep : reassignStep;
                const given = hand(now, approval, happening.actor, happening.to);
                if (given.kind === 'handed_over') approval = given.approval;
                break;
              }
              case 'staff':
                now = { ...now, staff: staffOf(happening.staff) };
                approval = reconsider(now, approval);
                break;
            }
            check(now, approval, numbers, before);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('is carried on by time alone until somebody answers or the top is asked again and again', () => {
    fc.assert(
      fc.property(people, staff, stage, (used, first, only) => {
        let now = asking({ program: programOf(used), staff: staffOf(first) });
        let approval = openApproval(now, [only], 0);
        const instants: string[] = [];
        for (let turn = 0; turn < 40; turn += 1) {
          const due = nextDue(approval);
          now = { ...now, at: due.at > now.at ? due.at : now.at };
          instants.push(now.at);
          const passed = passTime(now, approval);
          if (passed.kind === 'deemed' && passed.decision === 'deny') return;
          if (passed.kind === 'moved') approval = passed.approval;
          if (passed.kind === 'deemed' && passed.step !== null) approval = askOn(now, approval, passed.step);
        }
        // Not more than a handful of things happen at one instant: time goes on.
        expect(new Set(instants).size).toBeGreaterThan(8);
        expect(answerersOf(approval).every((alias) => !first.conflicted.includes(alias as (typeof PEOPLE)[number]))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
