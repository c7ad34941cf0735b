import { registrationWorkflowId } from '../../program/messages.ts';
import type { RegistrationState } from '../../program/registration-life.ts';
import type { Instant, RegistrationStatus } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import { putTask, taskIdOf } from '../../store/task.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { pinnedProgram } from './pinned-program.ts';

interface Decided {
  readonly actor: string;
  readonly at: Instant;
  /** What a person who returns the claim says to the partner. */
  readonly remark?: string | null;
}

const TITLES: Partial<Record<RegistrationStatus, string>> = {
  approved: 'Approved',
  denied: 'Denied',
  returned: 'Returned to the partner',
  revoked: 'Revoked',
};

/**
 * Leaves what was decided as a note on the record, in the CRMs whose people look for it there: one for each decision, made under an id of ours, so that no repetition
 * makes a second one. It is the partner's manager's.
 */
export async function noteDecision(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  before: RegistrationState,
  { actor, at, remark = null }: Decided,
): Promise<void> {
  const { registrationId, state, externalId, customer, partnerId } = registration;
  const title = state.status === before.status ? undefined : TITLES[state.status];
  const connections = [...deps.connections].filter(([, { mapping }]) => mapping.task.notes !== undefined).map(([name]) => name);
  if (title === undefined || connections.length === 0) return;
  const [partner] = await readPartners(trx, [partnerId]);
  const assignee = partner?.manager ?? pinnedProgram(deps, registration).governance.defaultManager;
  const subject = registrationWorkflowId(registrationId);
  const reasons = state.status === 'returned' ? (remark ?? '') : (state.decision?.reasons ?? []).map(({ message }) => message).join(' ');
  const until = state.protection === null ? [] : [`Protected until ${state.protection.until}`];
  const note = {
    taskId: taskIdOf(`${subject} ${state.status} ${at}`, assignee),
    subject,
    registrationId,
    assignee,
    kind: 'note',
    title: `${title}: ${customer.name} (${externalId})`,
    body: [reasons, ...until, `By ${actor}, ${at}`].filter((part) => part !== '').join('\n'),
    dueAt: null,
    priority: 'normal',
  } as const;
  await putTask(trx, note, { connections, at });
}
