import { openApproval } from '../../../program/approval/open-approval.ts';
import { answeredBy } from '../../../program/approval/approval.ts';
import { delegateStep } from '../../../program/approval/hand-over.ts';
import { grantStep } from '../../../program/approval/open-approval.ts';
import { passTime } from '../../../program/approval/pass-time.ts';
import { bareStep, type PlannedStage } from '../../../program/approval/planned-stage.ts';
import { previewApproval } from '../../../program/approval/preview-approval.ts';
import { asking, away, governed, MONDAY, person, TWO_MANAGERS, type Wishes } from './example.ts';

const MANAGER = bareStep('partner_manager');
const DIRECTOR = bareStep('director');
const VP = bareStep('vp');
/** More than a partner manager or a director may approve. */
const LARGE: Wishes = { question: { value: { amount: '300000.00', currency: 'USD' } } };

function rolesAsked(stages: readonly [PlannedStage, ...PlannedStage[]], wishes: Wishes = LARGE): readonly (readonly string[])[] {
  return previewApproval(asking(wishes), stages).stages.map(({ steps }) => steps.map(({ role }) => role));
}

describe('limits', () => {
  it.each<[string, readonly [PlannedStage, ...PlannedStage[]], readonly (readonly string[])[]]>([
    ['are held against whoever decides alone', [MANAGER], [['vp']]],
    ['are not held against who recommends what somebody else decides', [MANAGER, VP], [['partner_manager'], ['vp']]],
    ['are held against the last, whatever came before', [MANAGER, DIRECTOR], [['partner_manager'], ['vp']]],
    [
      'of who signs beside somebody who may approve it are not held',
      [{ parallel: [MANAGER, VP], needs: 'all' }],
      [['partner_manager', 'vp']],
    ],
    ['are held where one yes is enough', [{ parallel: [MANAGER, VP], needs: 'any' }], [['vp', 'vp']]],
    ['are held where nobody of several may approve it', [{ parallel: [MANAGER, DIRECTOR], needs: 'all' }], [['vp', 'vp']]],
  ])('%s', (_what, stages, expected) => {
    expect(rolesAsked(stages)).toEqual(expected);
  });

  it('do not come back when a recommendation is escalated', () => {
    const opened = openApproval(asking(LARGE), [MANAGER, VP], 0);
    const passed = passTime(asking({ ...LARGE, at: opened.steps[0].dueAt }), opened);
    expect(passed).toMatchObject({
      kind: 'moved',
      approval: { steps: [{ role: 'director', reason: 'escalated' }], rest: [{ role: 'vp' }] },
    });
  });

  it('are no reason against a delegate who only recommends', () => {
    const program = governed(TWO_MANAGERS, { people: [person('helper', { approvalLimit: '1000.00' })] });
    const wishes = { ...LARGE, program };
    expect(delegateStep(asking(wishes), openApproval(asking(wishes), [MANAGER, VP], 0), 'manager', 'helper').kind).toBe('handed_over');
    expect(delegateStep(asking(wishes), openApproval(asking(wishes), [VP], 0), 'vp', 'helper')).toMatchObject({
      code: 'DELEGATE_NOT_POSSIBLE',
    });
  });

  it('are no reason against a stand-in who only recommends', () => {
    const program = governed(TWO_MANAGERS, {
      people: [person('manager', { deputy: 'helper' }), person('helper', { approvalLimit: '1000.00' })],
    });
    const wishes = { ...LARGE, program, staff: away('manager') };
    expect(openApproval(asking(wishes), [MANAGER, VP], 0).steps[0]).toMatchObject({ approver: 'helper', onBehalfOf: 'manager' });
  });

  it('hold again for the next stage after a recommendation was given', () => {
    const opened = openApproval(asking(LARGE), [MANAGER, DIRECTOR], 0);
    const granted = grantStep(asking(LARGE), opened, answeredBy(opened, 'manager') ?? opened.steps[0], 'manager');
    expect(granted).toMatchObject({ kind: 'open', approval: { steps: [{ role: 'vp', openedAt: MONDAY }] } });
  });
});
