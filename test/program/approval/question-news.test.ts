import type { Approval } from '../../../program/approval/approval.ts';
import { answeredBy } from '../../../program/approval/approval.ts';
import { delegateStep } from '../../../program/approval/hand-over.ts';
import { grantStep, openApproval } from '../../../program/approval/open-approval.ts';
import { askTheTop, passTime } from '../../../program/approval/pass-time.ts';
import { bareStep } from '../../../program/approval/planned-stage.ts';
import { newsOfQuestions, type QuestionNews } from '../../../program/approval/question-news.ts';
import { reconsider } from '../../../program/approval/replace-step.ts';
import { asking, conflicted, TWO_MANAGERS } from './example.ts';

const MANAGER = bareStep('partner_manager');
const DIRECTOR = bareStep('director');
const VP = bareStep('vp');
const BOTH = { parallel: [DIRECTOR, VP], needs: 'all' } as const;

/** The news in short: what, whose, and with whom it is or was. */
function short(news: readonly QuestionNews[]): readonly string[] {
  return news.map((one) => {
    const who = one.asked.step.approver ?? 'nobody';
    if (one.what === 'put') return `put ${who}${one.from === null ? '' : ` from ${one.from.step.approver}`}`;
    if (one.what === 'moved') return `moved ${who} to ${one.to.step.approver}`;
    return `${one.what} ${who}`;
  });
}

function granted(approval: Approval, by: string): Approval {
  const step = answeredBy(approval, by);
  const result = step === null ? null : grantStep(asking(), approval, step, by);
  if (result === null || result.kind === 'complete') throw new Error('expected that somebody else is asked');
  return result.approval;
}

function passed(approval: Approval): Approval {
  const at = approval.steps[0].dueAt;
  const moved = passTime(asking({ at }), approval);
  if (moved.kind !== 'moved') throw new Error(`expected it to move, got ${moved.kind}`);
  return moved.approval;
}

const opened = openApproval(asking(), [MANAGER, DIRECTOR], 0);
const atOnce = openApproval(asking(), [BOTH], 0);
const top = openApproval(asking(), [VP], 0);

describe('newsOfQuestions', () => {
  it.each<[string, readonly Approval[], readonly Approval[], readonly string[]]>([
    ['a question that is put', [], [opened], ['put manager']],
    ['two at once', [], [atOnce], ['put director', 'put vp']],
    ['a yes after which somebody else is asked', [opened], [granted(opened, 'manager')], ['answered manager', 'put director']],
    ['a yes beside which another is open', [atOnce], [granted(atOnce, 'director')], ['answered director']],
    ['a decision', [atOnce], [], ['answered director', 'answered vp']],
    ['silence that escalates', [opened], [passed(opened)], ['moved manager to director', 'put director from manager']],
    ['silence at the top', [top], [passed(top)], ['moved vp to vp', 'put vp from vp', 'attention vp']],
    [
      'all that is put up at once',
      [atOnce],
      [askTheTop(asking(), atOnce, 'escalate')],
      ['moved director to vp', 'moved vp to vp', 'put vp from director'],
    ],
    ['nothing', [opened], [opened], []],
    [
      'another deadline',
      [opened],
      [{ ...opened, steps: [{ ...opened.steps[0], dueAt: '2026-12-01T15:00:00.000Z' }] }],
      ['changed manager'],
    ],
    [
      'a reminder',
      [opened],
      [{ ...opened, steps: [{ ...opened.steps[0], remindedAt: '2026-11-17T00:00:00.000Z' }] }],
      ['reminded manager'],
    ],
    [
      'nobody to ask',
      [],
      [openApproval(asking({ staff: conflicted('manager', 'director', 'vp') }), [MANAGER], 0)],
      ['put nobody', 'attention nobody'],
    ],
  ])('says of %s', (_what, before, after, expected) => {
    expect(short(newsOfQuestions(before, after))).toEqual(expected);
  });

  it('says of a question that was handed over whose it was and whose it is', () => {
    const first = openApproval(asking({ program: TWO_MANAGERS }), [MANAGER], 0);
    const given = delegateStep(asking({ program: TWO_MANAGERS }), first, 'manager', 'manager2');
    if (given.kind === 'refused') throw new Error(given.message);
    expect(short(newsOfQuestions([first], [given.approval]))).toEqual(['moved manager to manager2', 'put manager2 from manager']);
  });

  it('says of somebody who has a stake now who is asked in that place', () => {
    const replaced = reconsider(asking({ staff: conflicted('manager') }), opened);
    expect(short(newsOfQuestions([opened], [replaced]))).toEqual(['moved manager to director', 'put director from manager']);
  });

  it('says once that the partner waits for a first word', () => {
    const acknowledgement = { dueAt: '2026-11-16T20:00:00.000Z', at: null, isMissed: false };
    const waiting = { ...opened, acknowledgement };
    const missed = { ...opened, acknowledgement: { ...acknowledgement, isMissed: true } };
    expect(short(newsOfQuestions([waiting], [missed]))).toEqual(['attention manager']);
    expect(short(newsOfQuestions([missed], [missed]))).toEqual([]);
  });

  it('keeps questions of different kinds apart', () => {
    const extension: Approval = { ...openApproval(asking({ question: { kind: 'extension' } }), [DIRECTOR], 1), kind: 'extension' };
    expect(short(newsOfQuestions([opened], [extension]))).toEqual(['answered manager', 'put director']);
  });
});
