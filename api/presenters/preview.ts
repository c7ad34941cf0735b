import type { Program } from '../../program/definition/program.ts';
import { outlookOf } from '../../program/outlook.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Preview } from '../dependencies.ts';
import type { PreviewAnswer } from '../schemas/registration.ts';
import { presentApprovalPreview } from './approval.ts';

/** A claim that would wait for an earlier one is, for its partner, simply one that would be reviewed. */
export function presentPreview({ verdict, approval, protection }: Preview, program: Program, now: Instant): PreviewAnswer {
  const [first] = approval?.stages ?? [];
  const asked = first?.steps.toSorted((left, right) => Date.parse(left.dueAt) - Date.parse(right.dueAt))[0];
  const labelOf = (role: string): string => program.governance.roles.find(({ id }) => id === role)?.label ?? role;
  return {
    outcome: verdict.outcome === 'wait' ? 'review' : verdict.outcome,
    reasons: verdict.reasons.map(({ rule, message }) => ({ rule, message })),
    route: asked === undefined ? null : { step: asked.name, approver: asked.approver, dueAt: asked.dueAt },
    approval: approval === null ? null : presentApprovalPreview(approval),
    protection: protection === null ? null : { ...protection, lines: [...protection.lines] },
    outlook: [
      ...outlookOf(program, {
        now,
        protection,
        steps: (approval?.stages ?? []).flatMap(({ steps }) => steps.map(({ name, dueAt }) => ({ label: labelOf(name), dueAt }))),
        acknowledgeBy: approval?.acknowledgeBy ?? null,
        decideBy: approval?.decideBy ?? null,
      }),
    ],
    programVersion: program.version,
  };
}
