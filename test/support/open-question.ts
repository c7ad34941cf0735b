import { openApprovals } from '../../program/registration-life.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import type { DecisionStage } from './decision-stage.ts';

/** What the list of questions and the open steps both say of one question. */
export interface ListedQuestion {
  readonly number: number;
  readonly role: string;
  readonly reason: string;
  readonly approver: string | null;
  readonly onBehalfOf: string | null;
  readonly asked: readonly string[];
  readonly dueAt: string;
}

/** The open steps of a registration's own questions, or of a case, as their list should have them; by number. */
export async function openSteps(stage: DecisionStage, subject: string): Promise<readonly ListedQuestion[]> {
  const [kind, id = ''] = subject.split('/');
  const approvals =
    kind === 'case'
      ? [(await stage.conflictCase(id)).state.approval].flatMap((approval) => approval ?? [])
      : openApprovals((await stage.registration(id)).state);
  return approvals.flatMap(({ steps }) => steps.map(listed)).toSorted((one, other) => one.number - other.number);
}

function listed({ number, role, reason, approver, onBehalfOf, asked, dueAt }: ReviewStep): ListedQuestion {
  return { number, role, reason, approver, onBehalfOf, asked: [...asked], dueAt };
}

/** What the list has open about a subject, by number. */
export async function listedQuestions({ db }: DecisionStage, subject: string): Promise<readonly ListedQuestion[]> {
  const rows = await db
    .selectFrom('question')
    .selectAll()
    .where('subject', '=', subject)
    .where('closed_at', 'is', null)
    .orderBy('number')
    .execute();
  return rows.map(({ number, role, reason, approver, on_behalf_of, asked, due_at }) => ({
    number,
    role,
    reason,
    approver,
    onBehalfOf: on_behalf_of,
    asked,
    dueAt: due_at,
  }));
}

/** How the questions about a subject that are closed ended, by number. */
export async function closedQuestions({ db }: DecisionStage, subject: string): Promise<readonly (readonly [number, string, string])[]> {
  const rows = await db
    .selectFrom('question')
    .selectAll()
    .where('subject', '=', subject)
    .where('closed_at', 'is not', null)
    .orderBy('number')
    .execute();
  return rows.map(({ number, closed_by, answer }) => [number, closed_by ?? '', answer ?? '']);
}
