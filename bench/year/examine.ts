import { WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { sql } from 'kysely';
import type { Approval } from '../../program/approval/approval.ts';
import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import { nextDeadline } from '../../program/registration-deadline.ts';
import { isUndecided, openApprovals, type RegistrationState } from '../../program/registration-life.ts';
import type { RegistrationStatus } from '../../program/vocabulary.ts';
import { findCase } from '../../store/conflict-case.ts';
import { findRegistration } from '../../store/registration.ts';
import type { Schema } from '../../store/schema.ts';
import type { Ledger } from './ledger.ts';
import type { YearStage } from './stage.ts';
import { approversOf } from './year-program.ts';

/** Between a deadline and what follows there is only the work itself: the server's time stands still meanwhile. */
const TOLERANCE_MS = 60_000;
const FAILURE_CODE = defineSearchAttributeKey('FailureCode', 'KEYWORD');

export interface YearResult {
  /** Questions past their deadline, claims that should have moved, workflows that fail or were not reached. */
  readonly stuck: number;
  /** Questions that were open longer than their deadline although nobody was asked instead. */
  readonly lateWithoutEscalation: number;
  /** Decisions that were reported as carried out beyond the questions that were answered, and protections given twice. */
  readonly decidedTwice: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly questions: {
    readonly put: number;
    readonly answered: number;
    readonly inTime: number;
    readonly moved: number;
    readonly open: number;
  };
  readonly cases: number;
  readonly longestPlain: number;
  readonly longest: number;
  /** What was found, in words; empty where all is as it should be. */
  readonly findings: readonly string[];
}

type Examined = Pick<YearStage, 'db' | 'program' | 'client' | 'now'>;

/** Looks at everything that is left after the year, in the store and on the server. */
export async function examineYear(stage: Examined, ledger: Pick<Ledger, 'registrations' | 'acceptedOf'>): Promise<YearResult> {
  const { db } = stage;
  const nowMs = Date.parse(stage.now());
  const findings: string[] = [];
  const questions = await db.selectFrom('question').selectAll().orderBy('put_at').execute();
  const isLate = (due: string, closed: string | null): boolean =>
    (closed === null ? nowMs : Date.parse(closed)) > Date.parse(due) + TOLERANCE_MS;
  const overdue = questions.filter(({ closed_at, due_at }) => closed_at === null && isLate(due_at, null));
  const late = questions.filter(({ closed_at, due_at }) => closed_at !== null && isLate(due_at, closed_at));
  findings.push(
    ...overdue.map(({ subject, number, approver, due_at }) => `${subject} question ${number} to ${approver} is open since ${due_at}`),
  );
  findings.push(
    ...late.map(
      ({ subject, number, approver, due_at, closed_at, answer }) =>
        `${subject} question ${number} to ${approver} was due ${due_at} and closed ${closed_at}: ${answer}`,
    ),
  );

  const rows = await db.selectFrom('registration').select('id').orderBy('sequence').execute();
  const asked = new Set(questions.map(({ registration_id }) => registration_id));
  const statuses: Record<string, number> = {};
  const stuck: string[] = [];
  const unanswered = questions.filter((question) => isDroppedInSilence(question, questions));
  findings.push(
    ...unanswered.map(
      ({ subject, number, due_at }) => `${subject} question ${number} ended at its deadline ${due_at}, and nobody was asked instead`,
    ),
  );
  const openRows = Map.groupBy(
    questions.filter(({ closed_at }) => closed_at === null),
    ({ subject }) => subject,
  );
  const isUnlike = (subject: string, approvals: readonly Approval[]): boolean => {
    const open = approvals.flatMap(({ steps }) => steps.map(({ number }) => number)).toSorted((one, other) => one - other);
    const listed = (openRows.get(subject) ?? []).map(({ number }) => number).toSorted((one, other) => one - other);
    return JSON.stringify(open) !== JSON.stringify(listed);
  };
  let [longest, longestPlain] = [0, 0];
  for (const { id } of rows) {
    const registration = await findRegistration(db, id);
    if (registration === null) continue;
    const { state } = registration;
    statuses[state.status] = (statuses[state.status] ?? 0) + 1;
    const due = nextDeadline(state);
    if (due !== null && isLate(due.at, null))
      stuck.push(`${registration.externalId} is ${state.status} although ${due.kind} was due ${due.at}`);
    if (state.status === 'submitted') stuck.push(`${registration.externalId} was not judged`);
    const around = { isCaseSettled: await isSettled(stage, state.caseId), undecided: await undecidedAmong(stage, state.waitingFor) };
    if (isForgotten(state, around)) stuck.push(`${registration.externalId} is in review, and nothing is asked about it`);
    if (isUnlike(registrationWorkflowId(id), openApprovals(state)))
      stuck.push(`${registration.externalId}: the list of questions is not what is open`);
    const { events, problem } = await lookAt(stage, registrationWorkflowId(id), isOver(state.status));
    if (problem !== null) stuck.push(`${registration.externalId}: ${problem}`);
    longest = Math.max(longest, events);
    if (!asked.has(id)) longestPlain = Math.max(longestPlain, events);
  }
  const cases = await db.selectFrom('conflict_case').select('id').execute();
  for (const { id } of cases) {
    const conflict = await findCase(db, id);
    const isOpen = conflict !== null && conflict.state.status !== 'resolved';
    const asked = conflict?.state.approval ?? null;
    if (isOpen && asked === null) stuck.push(`case ${id} is open, and nobody is asked about it`);
    if (isUnlike(caseWorkflowId(id), asked === null ? [] : [asked])) stuck.push(`case ${id}: the list of questions is not what is open`);
    const { events, problem } = await lookAt(stage, caseWorkflowId(id), !isOpen);
    if (problem !== null) stuck.push(`case ${id}: ${problem}`);
    longest = Math.max(longest, events);
  }
  const { rows: left } = await sql<{ count: number }>`select count(*)::int as count from outbox`.execute(db);
  if ((left[0]?.count ?? 0) > 0) stuck.push(`${left[0]?.count} messages were not delivered`);
  if (rows.length !== ledger.registrations.size) stuck.push(`${ledger.registrations.size} claims were received, ${rows.length} are kept`);

  const twice = [...decisionsBeyond(ledger, questions), ...(await protectedTwice(stage))];
  findings.push(...stuck, ...twice);
  const closed = questions.filter(({ closed_at }) => closed_at !== null);
  const people = new Set(approversOf(stage.program));
  const answered = closed.filter(
    ({ closed_by, answer }) => people.has(closed_by ?? '') && answer !== 'delegated' && answer !== 'reassigned',
  );
  return {
    stuck: stuck.length + overdue.length,
    lateWithoutEscalation: late.length + unanswered.length,
    decidedTwice: twice.length,
    statuses,
    questions: {
      put: questions.length,
      answered: answered.length,
      inTime: answered.filter(({ closed_at, due_at }) => Date.parse(closed_at as string) <= Date.parse(due_at)).length,
      moved: closed.length - answered.length,
      open: questions.length - closed.length,
    },
    cases: cases.length,
    longestPlain,
    longest,
    findings,
  };
}

function isOver(status: RegistrationStatus): boolean {
  return status !== 'in_review' && status !== 'approved';
}

/** How long a workflow's history is, and what is wrong with it. One that has ended is fine where nothing is left to do. */
async function lookAt(
  { client }: Examined,
  workflowId: string,
  mayHaveEnded: boolean,
): Promise<{ readonly events: number; readonly problem: string | null }> {
  const described = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    });
  if (described === null) return { events: 0, problem: 'it has no workflow' };
  const { status, historyLength, raw, typedSearchAttributes } = described;
  const code = typedSearchAttributes.get(FAILURE_CODE);
  const failing = (raw.pendingActivities ?? []).filter(({ attempt }) => Number(attempt ?? 0) > 3);
  const problem =
    status.name === 'COMPLETED'
      ? mayHaveEnded
        ? null
        : 'its workflow has ended'
      : status.name !== 'RUNNING'
        ? `its workflow is ${status.name}`
        : failing.length > 0
          ? `${failing[0]?.activityType?.name} fails`
          : (await isTaskFailing(client, workflowId))
            ? 'its workflow task fails'
            : code !== undefined && code !== 'none'
              ? `its flow cannot go on: ${code}`
              : null;
  return { events: historyLength, problem };
}

/** Whether the workflow's own code came to no end the last time that it ran. It is read from the history: the server whose time is skipped tells nothing of a pending task. */
async function isTaskFailing(client: Examined['client'], workflowId: string): Promise<boolean> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const last = (events ?? []).findLast(
    (event) =>
      event.workflowTaskCompletedEventAttributes != null ||
      event.workflowTaskFailedEventAttributes != null ||
      event.workflowTaskTimedOutEventAttributes != null,
  );
  return last !== undefined && last.workflowTaskCompletedEventAttributes == null;
}

type Closed = { readonly subject: string; readonly closed_by: string | null; readonly answer: string | null };

type AskedInTime = Pick<Schema['question'], 'subject' | 'put_at' | 'due_at' | 'closed_at' | 'closed_by' | 'answer'>;

/** What closes a question and is no answer to it. */
const HANDED_OVER: ReadonlySet<string> = new Set(['delegated', 'reassigned']);

/** As what the program closes a question whose own time is over, and that is to go on. */
const MOVED_BY_SILENCE: ReadonlySet<string> = new Set(['silence', 'escalated', 'asked_again', 'reassigned']);
/** The same where the time for all of it is, whenever its own ends. */
const WHOLE_OVER = 'time of the whole over';

/** A no is told from everything else: what a yes is called depends on what it was about. */
function isNo(answer: string): boolean {
  return /den(y|ied)|uphold/.test(answer);
}

/** A question whose time ran out, that the program closed, and in whose place nothing came: neither another question nor an answer of silence. */
export function isDroppedInSilence(question: AskedInTime, all: readonly AskedInTime[]): boolean {
  const { subject, closed_at, closed_by, due_at, answer } = question;
  if (closed_at === null || closed_by !== 'program') return false;
  const isByTime = answer === WHOLE_OVER || (closed_at >= due_at && MOVED_BY_SILENCE.has(answer ?? ''));
  return isByTime && !all.some((other) => other !== question && other.subject === subject && other.put_at === closed_at);
}

/** In review without anybody who is asked, or anything that is waited for: a case that is settled asks nobody, and a claim that is decided keeps nobody waiting. */
export function isForgotten(
  { status, approval, caseId, waitingFor }: Pick<RegistrationState, 'status' | 'approval' | 'caseId' | 'waitingFor'>,
  around: { readonly isCaseSettled: boolean; readonly undecided: number },
): boolean {
  if (status !== 'in_review') return false;
  if (caseId !== null) return around.isCaseSettled;
  return approval === null && (waitingFor.length === 0 || around.undecided === 0);
}

async function isSettled({ db }: Examined, caseId: string | null): Promise<boolean> {
  const conflict = caseId === null ? null : await findCase(db, caseId);
  return conflict?.state.status === 'resolved';
}

async function undecidedAmong({ db }: Examined, ids: readonly string[]): Promise<number> {
  const found = await Promise.all(ids.map((id) => findRegistration(db, id)));
  return found.filter((registration) => registration !== null && isUndecided(registration.state.status)).length;
}

/** Of each subject, the decisions that people were told to be carried out, beyond those that questions say were theirs. */
export function decisionsBeyond(ledger: Pick<Ledger, 'acceptedOf'>, questions: readonly Closed[]): readonly string[] {
  const closedBy = Map.groupBy(
    questions.filter(({ closed_by, answer }) => closed_by !== null && closed_by !== 'program' && !HANDED_OVER.has(answer ?? '')),
    ({ subject }) => subject,
  );
  return [...ledger.acceptedOf].flatMap(([subject, decisions]) => {
    const closings = [...(closedBy.get(subject) ?? [])];
    const beyond = decisions.filter(({ by, decision }) => {
      const at = closings.findIndex(({ closed_by, answer }) => closed_by === by && isNo(decision) === isNo(answer ?? ''));
      if (at >= 0) closings.splice(at, 1);
      return at < 0;
    });
    return beyond.map(({ by, decision }) => `${subject}: ${by} was told that ${decision} was carried out, and no question says so`);
  });
}

/** Two claims on one customer and line at the same time: who shares a deal is protected on what is left. */
async function protectedTwice({ db }: Examined): Promise<readonly string[]> {
  const { rows } = await sql<{ one: string; other: string }>`
    select one.registration_id as one, other.registration_id as other
    from protection one
    join registration first on first.id = one.registration_id
    join registration second on second.customer_id = first.customer_id and second.id > first.id
    join protection other on other.registration_id = second.id and other.product_line = one.product_line
    where tstzrange(one.starts_at, greatest(one.starts_at, least(one.until_at, one.ended_at)))
      && tstzrange(other.starts_at, greatest(other.starts_at, least(other.until_at, other.ended_at)))
  `.execute(db);
  return rows.map(({ one, other }) => `${one} and ${other} are protected on one customer and line at the same time`);
}
