import { answerNote, type AnsweredCommand } from '../../../activities/decision/answer-note.ts';
import { MONDAY } from '../../support/decision-stage.ts';

const APPROVED: AnsweredCommand = {
  command: { kind: 'decide', decision: 'approve', actor: 'manager' },
  answer: { kind: 'done' },
  name: 'Mona Gerber',
  status: { before: 'in_review', after: 'approved' },
  at: MONDAY,
};
const deny = { kind: 'decide', decision: 'deny', actor: 'manager' } as const;
const giveBack = { kind: 'decide', decision: 'return', actor: 'manager' } as const;

describe('the answer on the record', () => {
  it.each<[string, Partial<AnsweredCommand>, string]>([
    ['approved', {}, 'Approved by Mona Gerber (manager) on 16 Nov 2026, 15:00 UTC.'],
    ['of somebody without a name', { name: null }, 'Approved by manager on 16 Nov 2026, 15:00 UTC.'],
    [
      'a yes that others have to confirm',
      { status: { before: 'in_review', after: 'in_review' } },
      'Approve by Mona Gerber (manager) was carried out on 16 Nov 2026, 15:00 UTC.',
    ],
    [
      'denied',
      { command: deny, status: { before: 'in_review', after: 'denied' } },
      'Denied by Mona Gerber (manager) on 16 Nov 2026, 15:00 UTC.',
    ],
    [
      'returned',
      { command: giveBack, status: { before: 'in_review', after: 'returned' } },
      'Returned to the partner by Mona Gerber (manager) on 16 Nov 2026, 15:00 UTC.',
    ],
    [
      'extended, which leaves it approved',
      { command: { kind: 'extend', days: null, actor: 'rep' }, name: null, status: { before: 'approved', after: 'approved' } },
      'Extend by rep was carried out on 16 Nov 2026, 15:00 UTC.',
    ],
    [
      'refused',
      {
        answer: { kind: 'refused', code: 'ACTOR_MAY_NOT_DECIDE', message: 'manager may not.' },
        status: { before: 'in_review', after: 'in_review' },
      },
      'approve by Mona Gerber (manager) was refused: manager may not.',
    ],
  ])('%s', (_what, changes, note) => {
    expect(answerNote({ ...APPROVED, ...changes })).toBe(note);
  });
});
