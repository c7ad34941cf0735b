import type { Instant } from '../vocabulary.ts';
import type { Grant } from './approval.ts';
import type { Asking } from './asking.ts';
import { markEndorsements } from './endorsement.ts';
import { openApproval, openTogether } from './open-approval.ts';
import { leadingRole, stepsOf, type PlannedStage } from './planned-stage.ts';
import type { ReviewStep } from './step.ts';

/** The stages of an approval in their order, each with whom it would be put to, absences and conflicts resolved, and by when that person has to answer. */
export interface PreviewedStage {
  readonly needs: 'all' | 'any';
  readonly steps: readonly ReviewStep[];
}

/** Until when somebody would be in touch with the partner, and until when all of it would be decided, where the program has such clocks. */
export interface ApprovalPreview {
  readonly stages: readonly PreviewedStage[];
  readonly acknowledgeBy: Instant | null;
  readonly decideBy: Instant | null;
}

/**
 * Who would be asked, in which order, and by when, if the question were put now and everybody took all the time there is: each stage opens when the one before is due.
 * Nothing is put to anybody by it.
 */
export function previewApproval(asking: Asking, stages: readonly [PlannedStage, ...PlannedStage[]]): ApprovalPreview {
  const opened = openApproval(asking, stages, 0);
  const previewed: PreviewedStage[] = [];
  const granted: Grant[] = [];
  let at = asking.at;
  for (const stage of markEndorsements(asking, stages)) {
    const steps = openTogether({ ...asking, at }, stepsOf(stage), 'asked', granted, 0);
    previewed.push({ needs: 'parallel' in stage ? stage.needs : 'all', steps });
    granted.push(...steps.flatMap(({ role, approver }) => (approver === null ? [] : [{ role, by: approver, onBehalfOf: null }])));
    at = steps.reduce((latest, { dueAt }) => (Date.parse(dueAt) > Date.parse(latest) ? dueAt : latest), at);
  }
  return {
    stages: previewed,
    acknowledgeBy: opened.acknowledgement?.dueAt ?? null,
    decideBy: opened.whole?.dueAt ?? at,
  };
}

/** The roles of the stages as people read them: `Partner Manager, then Director and Finance`. */
export function speakStages(stages: readonly PlannedStage[], labelOf: (role: string) => string): string {
  return stages
    .map((stage) => {
      const roles = stepsOf(stage).map(({ role }) => labelOf(role));
      return roles.length === 1 ? labelOf(leadingRole(stage)) : roles.join('needs' in stage && stage.needs === 'any' ? ' or ' : ' and ');
    })
    .join(', then ');
}
