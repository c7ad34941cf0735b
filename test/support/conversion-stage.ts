import { saveMirrored } from '../../activities/sync/mirror-record.ts';
import type { RemoteRow } from '../../crm/port.ts';
import { salesforceConversion } from '../../mappings/salesforce/conversion.ts';
import type { Program } from '../../program/definition/program.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RuleId, Situation } from '../../program/rules/catalogue.ts';
import type { RuleOutcome } from '../../program/definition/conflict-rule.ts';
import { listAudit } from '../../store/audit.ts';
import { readOpportunityLinks } from '../../store/opportunity-link.ts';
import type { Database } from '../../store/database.ts';
import { saveCursor } from '../../store/sync-cursor.ts';
import { ACME, ruleRow } from '../program/example.ts';
import { later, MONDAY, type DecisionStage } from './decision-stage.ts';
import { ACCOUNT, OPPORTUNITY, silentConnection } from './mirror.ts';

/** Decisions about opportunities of one CRM, of which the mirror knows everything and nothing is to be asked. */

export const CRM = 'salesforce';

/** Acme's program with other words about conversion, and with rules about approved claims before its own. */
export function converting(conversion: Partial<Program['conversion']>, ...rows: Program['rules']['order']): Program {
  return { ...ACME, conversion: { ...ACME.conversion, ...conversion }, rules: { ...ACME.rules, order: [...rows, ...ACME.rules.order] } };
}

/** A row about approved claims. */
export function row<Id extends RuleId>(id: Id, on: Partial<Record<Situation<Id>, RuleOutcome>>): Program['rules']['order'][number] {
  return ruleRow(id, on);
}

/** The same stage under a program, with the CRM connected. */
export function underProgram(stage: DecisionStage, program: Program): DecisionStage {
  return stage.withDependencies({
    connections: new Map([[CRM, { ...silentConnection(), conversion: salesforceConversion }]]),
    programs: { current: () => program, byVersion: (version) => (version === program.version ? program : null) },
  });
}

/** The mirror was complete a moment ago, and knows who people are. */
export async function prepareMirror(stage: DecisionStage): Promise<void> {
  await stage.setUsers(['rep', 'rep2', 'manager', 'director', 'vp'].map((alias) => ({ alias, isActive: true })));
  await stage.db.transaction().execute(async (trx) => {
    for (const objectType of ['account', 'opportunity'] as const) {
      await saveCursor(trx, CRM, objectType, { position: null, sweptAt: null, sweep: null, pulledAt: MONDAY });
    }
  });
}

/** What is known of the registration's opportunity. */
export async function linkOf(stage: DecisionStage, registrationId: string) {
  const [link] = await readOpportunityLinks(stage.db, [registrationId]);
  return link === undefined
    ? null
    : { opportunity: link.opportunity, isPrimary: link.isPrimary, by: link.linkedBy, isCommanded: link.commandedAt !== null };
}

/** The kinds of what was recorded of the registration, oldest first. */
export async function auditOf(stage: DecisionStage, registrationId: string): Promise<readonly string[]> {
  return (await listAudit(stage.db, registrationWorkflowId(registrationId), 100)).map(({ kind }) => kind);
}

/** Which opportunities wait to be told who is their primary, by the CRM's ids. */
export async function queuedPrimaries(stage: DecisionStage): Promise<readonly string[]> {
  const rows = await stage.db
    .selectFrom('push_queue')
    .innerJoin('link', (join) =>
      join.onRef('link.object_type', '=', 'push_queue.object_type').onRef('link.local_id', '=', 'push_queue.local_id'),
    )
    .select('link.remote_id')
    .where('push_queue.object_type', '=', 'opportunity')
    .orderBy('link.remote_id')
    .execute();
  return rows.map(({ remote_id }) => remote_id);
}

/** Whether the registration is to be judged again. */
export async function isAskedAgain(stage: DecisionStage, registrationId: string): Promise<boolean> {
  const messages = await stage.messages(registrationWorkflowId(registrationId));
  return messages.some(({ kind, payload }) => kind === 'refresh_registration' && (payload as { reevaluate: boolean }).reevaluate);
}

export async function forgetMessages(stage: DecisionStage): Promise<void> {
  await stage.db.deleteFrom('outbox').execute();
}

/** What a captured opportunity says; the rest is an open one in the first stage at the ordinary account, created a minute ago. */
export interface Captured {
  readonly id?: string;
  readonly account?: string | null;
  readonly amount?: number | null;
  readonly createdAt?: string;
  /** Null: it is open. */
  readonly closed?: 'won' | 'lost' | null;
  readonly deleted?: boolean;
  readonly mergedInto?: string | null;
}

/** What a page of opportunities does, as sync has it done. */
export async function capture(stage: DecisionStage, ...rows: readonly Captured[]): Promise<void> {
  await captureWith(stage, rows);
}

/** The same, through another handle on the database, such as one that counts. */
export async function captureWith(stage: DecisionStage, rows: readonly Captured[], db: Database = stage.db): Promise<void> {
  const remote = rows.map(remoteRow);
  const stages = new Map([['Prospecting', 0]]);
  await db.transaction().execute((trx) => saveMirrored(trx, stage.deps, CRM, 'opportunity', remote, stages, stage.deps.now()));
}

function remoteRow({ id = OPPORTUNITY, account = ACCOUNT, closed = null, ...more }: Captured): RemoteRow {
  const { amount = null, createdAt = later(MONDAY, 60_000), deleted = false, mergedInto = null } = more;
  return {
    id,
    stamp: MONDAY,
    deleted,
    mergedInto,
    createdBy: null,
    modifiedBy: null,
    fields: {
      Name: 'a deal',
      AccountId: account,
      StageName: closed === null ? 'Prospecting' : 'Closed',
      IsClosed: closed !== null,
      IsWon: closed === 'won',
      Amount: amount,
      OwnerId: '005-rep',
      CreatedDate: createdAt,
      CloseDate: '2027-03-31',
    },
  };
}

/** Makes `alias` the owner of an account. */
export async function ownAccount(stage: DecisionStage, accountId: string, alias: string): Promise<void> {
  await stage.db
    .updateTable('crm_account')
    .set({ owner_remote_id: `005-${alias}` })
    .where('remote_id', '=', accountId)
    .execute();
}
