import type { CaseState } from '../../program/case-life.ts';
import {
  clockStart,
  haveAllSpoken,
  heardUntil,
  isBeingHeard,
  MOST_STATEMENTS,
  refusalOfHaste,
  refusalOfStatement,
} from '../../program/hearing.ts';
import { exampleApproval } from '../support/open-step.ts';

const BEFORE = '2026-11-19T14:59:59.999Z';
const END = '2026-11-19T15:00:00.000Z';
const AFTER = '2026-11-19T15:00:00.001Z';
const OPEN: CaseState = {
  status: 'open',
  approval: exampleApproval(),
  questions: 1,
  outcome: null,
  proposed: null,
  hearing: { from: BEFORE, until: END, isRequired: true },
  decidedBefore: [],
  needsAttention: false,
};

describe('a hearing', () => {
  it.each([
    ['one ms before its end', BEFORE, true, END],
    ['at its end', END, false, END],
    ['after it', AFTER, false, AFTER],
  ])('%s', (_when, now, isHeard, start) => {
    expect(isBeingHeard(OPEN, now)).toBe(isHeard);
    expect(heardUntil({ state: OPEN }, now)).toBe(isHeard ? END : null);
    expect(clockStart(OPEN, now)).toBe(start);
    expect(refusalOfHaste(OPEN, now)?.code ?? null).toBe(isHeard ? 'STATE_DOES_NOT_ALLOW' : null);
  });

  it('keeps nobody waiting where it is not required, or there is none', () => {
    expect(refusalOfHaste({ hearing: { from: BEFORE, until: END, isRequired: false } }, BEFORE)).toBeNull();
    expect(refusalOfHaste({ hearing: null }, BEFORE)).toBeNull();
    expect(refusalOfHaste(OPEN, BEFORE)?.message).toContain(`until ${END}`);
  });
});

describe('refusalOfStatement', () => {
  const party = (registrationId: string, statements = 0, isStanding = true) => ({ registrationId, isStanding, statements });
  const parties = [party('claimant'), party('full', MOST_STATEMENTS), party('last', MOST_STATEMENTS - 1), party('closed', 0, false)];

  it.each([
    ['a side of the case', OPEN, 'claimant', null],
    ['one with room for a last word', OPEN, 'last', null],
    ['one that has said enough', OPEN, 'full', 'STATEMENT_NOT_ALLOWED'],
    ['one that is closed', OPEN, 'closed', 'STATEMENT_NOT_ALLOWED'],
    ['a stranger', OPEN, 'stranger', 'STATEMENT_NOT_ALLOWED'],
    ['anybody once it is settled', { ...OPEN, status: 'resolved', approval: null } as CaseState, 'claimant', 'STATE_DOES_NOT_ALLOW'],
    ['a side without a hearing', { ...OPEN, hearing: null }, 'claimant', null],
  ])('for %s', (_who, state, registrationId, code) => {
    expect(refusalOfStatement(state, parties, registrationId)?.code ?? null).toBe(code);
  });

  it('waits for those who stand alone', () => {
    expect(haveAllSpoken([party('a', 1), party('b', 1), party('closed', 0, false)])).toBe(true);
    expect(haveAllSpoken([party('a', 1), party('b', 0)])).toBe(false);
  });
});
