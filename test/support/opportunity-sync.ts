import type { Program } from '../../program/definition/program.ts';
import type { CommandAnswer } from '../../program/messages.ts';
import type { RegistrationCommand } from '../../program/registration-life.ts';
import { ACME } from '../program/example.ts';
import { CRM, linkOf } from './conversion-stage.ts';
import { createDecisionStage, type DecisionStage } from './decision-stage.ts';
import type { RepObject } from './salesforce-side.ts';
import { WRITE, type CrmRow, type SyncStage } from './sync-stage.ts';

/** Registrations and opportunities between the store and a Salesforce org, decided under a program. */
export interface OpportunitySync {
  readonly decisions: DecisionStage;
  /** Carries a command out as its workflow does, by a manager unless it names another; throws when it is refused. */
  command(registrationId: string, command: WithoutActor, actor?: string): Promise<void>;
  /** An opportunity that a rep made, mirrored. */
  opportunity(fields?: CrmRow, as?: string): Promise<string>;
  link(registrationId: string): ReturnType<typeof linkOf>;
  /** The values that a field went through, oldest first, as the org recorded them: what was written, by whom. */
  history(object: RepObject, id: string, field: string): Promise<readonly (readonly [string, CrmRow[string]])[]>;
  /** Every field of an opportunity that anyone changed since it was made. */
  changedFields(opportunity: string): Promise<readonly string[]>;
}

type Opportunities = Extract<RegistrationCommand, { kind: 'link' | 'relink' | 'unlink' | 'create_opportunity' }>;
type WithoutActor = Opportunities extends infer Kind ? (Kind extends Opportunities ? Omit<Kind, 'actor' | 'connection'> : never) : never;

export const link = (opportunity: string, primary: boolean | null = null) => ({ kind: 'link', opportunity, primary }) as const;
export const relink = (opportunity: string, primary: boolean | null = null) => ({ kind: 'relink', opportunity, primary }) as const;
export const UNLINK = { kind: 'unlink' } as const;
export const CREATE = { kind: 'create_opportunity' } as const;

/** The fault of an answer that is lost after the CRM has done what it was asked. */
export const LOST_ANSWER = { ...WRITE, fault: 'lost_answer' } as const;

export function openOpportunitySync(stage: SyncStage, program: Program = ACME): OpportunitySync {
  const decisions = createDecisionStage(stage.db, {
    connections: stage.deps.connections,
    programs: { current: () => program, byVersion: (version) => (version === program.version ? program : null) },
    now: stage.deps.now,
  });
  return {
    decisions,
    async command(registrationId, command, actor = 'manager') {
      const whole = { ...command, connection: CRM, actor } as RegistrationCommand;
      const answer: CommandAnswer = await decisions.command(registrationId, whole);
      if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
    },
    async opportunity(fields = {}, as) {
      const id = await stage.rep.create(
        'Opportunity',
        { Name: 'A deal', StageName: 'Prospecting', CloseDate: '2027-03-31', ...fields },
        as,
      );
      await stage.pull('opportunity');
      return id;
    },
    link: (registrationId) => linkOf(decisions, registrationId),
    async history(object, id, field) {
      const [table, parent] =
        object === 'Opportunity' ? ['OpportunityFieldHistory', 'OpportunityId'] : ['Deal_Registration__History', 'ParentId'];
      const rows = await stage.rep.query(
        `SELECT Id, NewValue, DataType, CreatedBy.Alias FROM ${table} WHERE ${parent} = '${id}' AND Field = '${field}' ORDER BY CreatedDate, Id`,
      );
      return rows
        .filter(({ DataType }) => DataType !== 'Text' || !field.endsWith('__c'))
        .map(({ CreatedBy, NewValue }) => [String((CreatedBy as unknown as CrmRow)['Alias']), NewValue ?? null] as const);
    },
    async changedFields(opportunity) {
      const rows = await stage.rep.query(
        `SELECT Field FROM OpportunityFieldHistory WHERE OpportunityId = '${opportunity}' AND Field != 'created'`,
      );
      return [...new Set(rows.map(({ Field }) => String(Field)))].toSorted();
    },
  };
}
