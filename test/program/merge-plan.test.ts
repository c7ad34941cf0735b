import fc from 'fast-check';
import { contestedFields, planMerge, type CanonicalRecord, type FieldPolicy, type MergePlan } from '../../program/merge-plan.ts';

const NO_TIMES = { ours: {}, theirs: {} };
const EARLY = '2026-03-01T10:00:00.000Z';
const LATE = '2026-03-01T10:00:01.000Z';

function plan(
  policy: FieldPolicy,
  base: string | null | undefined,
  ours: string | null,
  theirs: string | null,
  times = NO_TIMES,
): MergePlan[string] | undefined {
  const agreed: CanonicalRecord | null = base === undefined ? null : { field: base };
  return planMerge(agreed, { field: ours }, { field: theirs }, { field: policy }, times)['field'];
}

describe('planMerge', () => {
  it.each([
    ['nothing changed', 'ours', 'a', 'a', 'a', { kind: 'equal', value: 'a' }],
    ['an own write is read back', 'newest', 'a', 'b', 'b', { kind: 'equal', value: 'b' }],
    ['we changed a field of ours', 'ours', 'a', 'b', 'a', { kind: 'send', value: 'b', overrode: false }],
    ['they changed a field of ours', 'ours', 'a', 'a', 'x', { kind: 'send', value: 'a', overrode: true }],
    ['they changed a field of theirs', 'theirs', 'a', 'a', 'x', { kind: 'take', value: 'x', overrode: false }],
    ['only we changed a field that either may edit', 'newest', 'a', 'b', 'a', { kind: 'send', value: 'b', overrode: false }],
    ['only they did', 'newest', 'a', 'a', 'x', { kind: 'take', value: 'x', overrode: false }],
    ['they emptied it', 'newest', 'a', 'a', null, { kind: 'take', value: null, overrode: false }],
    ['we emptied it', 'newest', 'a', null, 'a', { kind: 'send', value: null, overrode: false }],
    ['the first match, and they have nothing', 'newest', undefined, 'a', null, { kind: 'send', value: 'a', overrode: false }],
    ['the first match, and we have nothing', 'newest', undefined, null, 'x', { kind: 'take', value: 'x', overrode: false }],
    ['a command is set', 'command', null, null, 'approve', { kind: 'consume', value: 'approve' }],
  ] as const)('%s', (_when, policy, base, ours, theirs, expected) => {
    expect(plan(policy, base, ours, theirs)).toEqual(expected);
  });

  it.each([
    ['ours is later', LATE, EARLY, { kind: 'send', value: 'b', overrode: true }],
    ['theirs is later', EARLY, LATE, { kind: 'take', value: 'x', overrode: true }],
    ['both in the same instant: the person in the CRM', EARLY, EARLY, { kind: 'take', value: 'x', overrode: true }],
  ] as const)('lets the later of two edits stand: %s', (_when, ours, theirs, expected) => {
    expect(plan('newest', 'a', 'b', 'x', { ours: { field: ours }, theirs: { field: theirs } })).toEqual(expected);
  });

  it('lets theirs stand where our time is not known', () => {
    expect(plan('newest', 'a', 'b', 'x', { ours: {}, theirs: { field: EARLY } })).toEqual({ kind: 'take', value: 'x', overrode: true });
  });

  it('leaves out what is unknown on a side, which is not the same as empty', () => {
    expect(planMerge({ field: 'a' }, { field: 'b' }, {}, { field: 'newest' }, NO_TIMES)).toEqual({});
    expect(planMerge({ field: 'a' }, {}, { field: 'x' }, { field: 'newest' }, NO_TIMES)).toEqual({});
  });

  it('leaves out a command that is not set', () => {
    expect(plan('command', null, null, null)).toBeUndefined();
  });

  const value = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null });
  const policy = fc.constantFrom<FieldPolicy>('ours', 'theirs', 'newest');
  const side = fc.record({ f: value, g: value, h: value });
  const policies = fc.record({ f: policy, g: policy, h: policy });

  it('brings both sides together: once carried out, a second plan has nothing to do', () => {
    fc.assert(
      fc.property(fc.option(side, { nil: null }), side, side, policies, (base, ours, theirs, rules) => {
        const after = carryOut(planMerge(base, ours, theirs, rules, NO_TIMES), ours, theirs);
        expect(after.ours).toEqual(after.theirs);
        const again = planMerge(after.ours, after.ours, after.theirs, rules, NO_TIMES);
        expect(Object.values(again).every((step) => step.kind === 'equal')).toBe(true);
      }),
    );
  });

  it('never drops an edit without saying so', () => {
    fc.assert(
      fc.property(side, side, side, policies, (base, ours, theirs, rules) => {
        for (const [field, step] of Object.entries(planMerge(base, ours, theirs, rules, NO_TIMES))) {
          const key = field as keyof typeof base;
          const bothEdited = ours[key] !== base[key] && theirs[key] !== base[key] && ours[key] !== theirs[key];
          if (bothEdited) expect(step).toMatchObject({ overrode: true });
        }
      }),
    );
  });
});

describe('contestedFields', () => {
  it.each([
    ['both edited it', 'a', 'b', 'x', ['field']],
    ['only we did', 'a', 'b', 'a', []],
    ['only they did', 'a', 'a', 'x', []],
    ['both to the same', 'a', 'b', 'b', []],
    ['they never agreed on it', undefined, 'b', 'x', ['field']],
  ] as const)('names a field whose times matter: %s', (_when, base, ours, theirs, expected) => {
    expect(contestedFields(base === undefined ? null : { field: base }, { field: ours }, { field: theirs }, { field: 'newest' })).toEqual(
      expected,
    );
  });

  it('does not ask about fields with an owner', () => {
    expect(contestedFields({ field: 'a' }, { field: 'b' }, { field: 'x' }, { field: 'ours' })).toEqual([]);
  });
});

function carryOut(steps: MergePlan, ours: CanonicalRecord, theirs: CanonicalRecord): { ours: CanonicalRecord; theirs: CanonicalRecord } {
  const next = { ours: { ...ours }, theirs: { ...theirs } };
  for (const [field, step] of Object.entries(steps)) {
    if (step.kind === 'take') next.ours[field] = step.value;
    if (step.kind === 'send') next.theirs[field] = step.value;
  }
  return next;
}
