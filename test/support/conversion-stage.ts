import { salesforceConversion } from '../../mappings/salesforce/conversion.ts';
import type { Program } from '../../program/definition/program.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RuleId, Situation } from '../../program/rules/catalogue.ts';
import type { RuleOutcome } from '../../program/definition/conflict-rule.ts';
import { listAudit } from '../../store/audit.ts';
import { readOpportunityLinks } from '../../store/opportunity-link.ts';
import { saveCursor } from '../../store/sync-cursor.ts';
import { ACME, ruleRow } from '../program/example.ts';
import { MONDAY, type DecisionStage } from './decision-stage.ts';
import { silentConnection } from './mirror.ts';

/** Decisions about opportunities of one CRM, of which the mirror knows everything and nothing is to be asked. */

export const CRM = 'salesforce';
export const OWNER = 'rep';

/** Acme's program with other words about conversion, and with rules about approved claims before its own. */
export function converting(conversion: Partial<Program['conversion']>, ...rows: Program['rules']['order']): Program {
  return { ...ACME, conversion: { ...ACME.conversion, ...conversion }, rules: { ...ACME.rules, order: [...rows, ...ACME.rules.order] } };
}

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

/** Makes `alias` the owner of an account. */
export async function ownAccount(stage: DecisionStage, accountId: string, alias: string): Promise<void> {
  await stage.db
    .updateTable('crm_account')
    .set({ owner_remote_id: `005-${alias}` })
    .where('remote_id', '=', accountId)
    .execute();
}
