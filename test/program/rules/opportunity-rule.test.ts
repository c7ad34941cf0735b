import type { DirectOpportunity } from '../../../program/claim.ts';
import { directEarlyStage } from '../../../program/rules/direct-early-stage.ts';
import { directLateActive } from '../../../program/rules/direct-late-active.ts';
import { directStale } from '../../../program/rules/direct-stale.ts';
import { ACME, PROBABLE, SUBMITTED_AT, TAKEN_AT, WEAK, acmeWith, opportunity, parseOrThrow, ruleInput } from '../example.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const daysBefore = (days: number, ms = 0): string => new Date(Date.parse(TAKEN_AT) - days * DAY_MS - ms).toISOString();

function fired(opportunities: readonly DirectOpportunity[], program = ACME): readonly string[] {
  return [directEarlyStage, directLateActive, directStale].flatMap((rule) => {
    const finding = rule.examine(ruleInput(rule.id, { program, evidence: { opportunities } }) as never);
    return finding.kind === 'found' ? [`${rule.id.slice(0, 3)} ${finding.situation}`] : [];
  });
}

describe('the rules about direct opportunities', () => {
  it.each<[string, Partial<DirectOpportunity>, readonly string[]]>([
    ['in the first stage', { stageIndex: 0 }, ['C05 exact']],
    ['in the last early stage', { stageIndex: 2 }, ['C05 exact']],
    ['in the first late stage', { stageIndex: 3 }, ['C06 exact']],
    ['in an unknown stage: a person looks', { stageIndex: null }, ['C05 exact']],
    ['early, however old its activity', { stageIndex: 2, lastActivityAt: daysBefore(400) }, ['C05 exact']],
    ['late, touched exactly 180 days ago', { stageIndex: 3, lastActivityAt: daysBefore(180) }, ['C06 exact']],
    ['late, touched a millisecond before that', { stageIndex: 3, lastActivityAt: daysBefore(180, 1) }, ['C07 exact']],
    ['early and a probable match', { match: PROBABLE }, ['C05 probable']],
    ['late and a probable match', { stageIndex: 4, match: PROBABLE }, ['C06 probable']],
    ['stale and a probable match', { stageIndex: 4, lastActivityAt: daysBefore(181), match: PROBABLE }, ['C07 probable']],
    ['weakly matched', { match: WEAK }, []],
    ['at the parent company, which is for C15', { relation: 'parent' }, []],
    ['at a sibling, late', { relation: 'sibling', stageIndex: 4 }, []],
    ['closed', { isClosed: true, stageIndex: null }, []],
    ['closed, whatever its stage says', { isClosed: true, stageIndex: 3 }, []],
    ['created at the instant of the receipt', { createdAt: SUBMITTED_AT }, ['C05 exact']],
    ['created a millisecond after it', { createdAt: '2026-11-23T15:00:00.001Z' }, []],
    ['created after it, in a late stage', { stageIndex: 3, createdAt: '2026-11-23T15:00:00.001Z' }, []],
  ])('look at one %s', (_what, changes, expected) => {
    expect(fired([opportunity({ createdAt: '2025-01-01T00:00:00.000Z', ...changes })])).toEqual(expected);
  });

  it('take the declared number of stages and days', () => {
    const program = parseOrThrow(acmeWith('earlyStages: 3', 'earlyStages: 1').replace('staleAfter: 180 days', 'staleAfter: 30 days'));
    expect(fired([opportunity({ stageIndex: 1 })], program)).toEqual(['C06 exact']);
    expect(fired([opportunity({ stageIndex: 1, lastActivityAt: daysBefore(31) })], program)).toEqual(['C07 exact']);
  });

  it('count calendar months in the zone of the default calendar', () => {
    const program = parseOrThrow(acmeWith('staleAfter: 180 days', 'staleAfter: 6 months'));
    // Daylight saving began in between: six months before 10:00:05 in New York is an hour earlier in UTC.
    const edge = '2026-05-23T14:00:05.000Z';
    expect(fired([opportunity({ stageIndex: 3, lastActivityAt: edge, createdAt: edge })], program)).toEqual(['C06 exact']);
    expect(fired([opportunity({ stageIndex: 3, lastActivityAt: '2026-05-23T14:00:04.999Z', createdAt: edge })], program)).toEqual([
      'C07 exact',
    ]);
  });

  it('count a later created one where the program says so', () => {
    const program = parseOrThrow(acmeWith('countsWhenCreatedAfterReceipt: false', 'countsWhenCreatedAfterReceipt: true'));
    expect(fired([opportunity({ createdAt: '2026-11-23T16:00:00.000Z' })], program)).toEqual(['C05 exact']);
  });

  it('note one that was created after the receipt', () => {
    const late = opportunity({ createdAt: '2026-11-23T15:00:01.000Z' });
    const finding = directEarlyStage.examine(ruleInput(directEarlyStage.id, { evidence: { opportunities: [late] } }));
    expect(finding).toMatchObject({
      kind: 'quiet',
      message: expect.stringContaining('not counted: 1'),
      exhibits: [{ kind: 'opportunity_created_after_receipt' }],
    });
  });

  it('name the one that was touched last as that of the case', () => {
    const older = opportunity({ remoteId: '006-older', lastActivityAt: '2026-06-01T00:00:00.000Z' });
    const newer = opportunity({ remoteId: '006-newer', lastActivityAt: '2026-11-01T00:00:00.000Z' });
    const finding = directEarlyStage.examine(ruleInput(directEarlyStage.id, { evidence: { opportunities: [older, newer] } }));
    expect(finding).toMatchObject({ opportunity: { remoteId: '006-newer' }, exhibits: [{}, {}] });
  });
});
