import { dueAt } from '../../../program/simulation/question.ts';
import { openStanding } from '../../../program/simulation/standing.ts';
import type { PlannedStage, PlannedStep } from '../../../program/approval/planned-stage.ts';
import { ACME, OFFICE } from '../example.ts';
import { daysAfter, MONDAY, past } from './example.ts';

const STEP: PlannedStep = { role: 'director', deadline: { amount: 10, unit: 'days' }, silence: 'approve' };

function due(stage: PlannedStage, askedAt: string): string {
  const standing = openStanding(past(1, { at: MONDAY }), ACME, OFFICE);
  const open = { question: { subject: 'routing', roles: ['director'] }, role: 'director', stage, rest: [], passedOn: 0 };
  return new Date(dueAt(standing, open, Date.parse(askedAt))).toISOString();
}

describe('dueAt', () => {
  it('runs from when the step is asked', () => {
    expect(due(STEP, daysAfter(3))).toBe(daysAfter(13));
  });

  it.each([
    ['asked three days after it', 3, 10],
    ['asked when the time is over', 10, 10],
    ['asked later', 12, 12],
  ])('runs from the receipt where the step says so: %s', (_what, asked, expected) => {
    expect(due({ ...STEP, from: 'submission' }, daysAfter(asked))).toBe(daysAfter(expected));
  });

  it.each([
    ['the last of several who all have to answer', 'all', 10],
    ['the first of several of whom one is enough', 'any', 4],
  ] as const)('is that of %s', (_whose, needs, expected) => {
    const quicker: PlannedStep = { role: 'vp', deadline: { amount: 4, unit: 'days' }, silence: 'escalate' };
    expect(due({ parallel: [STEP, quicker], needs }, MONDAY)).toBe(daysAfter(expected));
  });
});
