import type { CrmPort } from '../../crm/port.ts';
import type { CrmMapping } from '../../mappings/crm-mapping.ts';
import type { ObjectMapping } from '../../mappings/field-mapping.ts';
import type { FieldPolicy } from '../../program/merge-plan.ts';
import type { IssueCategory } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { raiseIssue } from '../../store/sync-issue.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import type { LocalRecord, TwoWayRecords } from './two-way-record.ts';

/** One record type that goes both ways, on one connection: everything that moving it takes. */
export interface Lane {
  readonly deps: ActivityDependencies;
  readonly connection: string;
  readonly port: CrmPort;
  /** All record types of the CRM, for lookups to parents. */
  readonly crm: CrmMapping;
  readonly mapping: ObjectMapping;
  readonly policies: Readonly<Record<string, FieldPolicy>>;
  readonly records: TwoWayRecords;
  /** From so many records on a job of the CRM carries them, where it has jobs. */
  readonly bulkFrom: number;
}

/** As Salesforce advises. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_intro.htm */
export const DEFAULT_BULK_FROM = 2_000;

/** What is written once, when a record is made, has no policy: nothing of it is compared, or changed, ever after. */
export function laneOf(
  deps: ActivityDependencies,
  name: string,
  { port, mapping: crm, bulkFrom = DEFAULT_BULK_FROM }: Connection,
  records: TwoWayRecords,
  mapping: ObjectMapping = crm[records.objectType],
): Lane {
  const kept = mapping.fields.filter(({ createOnly }) => createOnly !== true);
  const policies = Object.fromEntries(kept.map((field) => [field.ours, field.policy]));
  return { deps, connection: name, port, crm, mapping, policies, records, bulkFrom };
}

/** The policies of one record: a field of theirs that a command of ours set is anyone's until it was written, so that the later word stands. */
export function policiesFor({ policies }: Lane, { commanded = [] }: LocalRecord): Readonly<Record<string, FieldPolicy>> {
  return commanded.length === 0 ? policies : { ...policies, ...Object.fromEntries(commanded.map((field) => [field, 'newest' as const])) };
}

export interface LaneIssue {
  readonly localId: string | null;
  readonly remoteId: string | null;
  readonly category: IssueCategory;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export async function raiseLaneIssue(trx: Transaction, { deps, connection, records }: Lane, issue: LaneIssue): Promise<void> {
  await raiseIssue(trx, deps.newId(), { connection, objectType: records.objectType, ...issue }, deps.now());
}

/** A record whose own values make us stumble: it is set aside with what was said, and never holds back the others. */
export async function setAside(
  trx: Transaction,
  lane: Lane,
  record: Pick<LaneIssue, 'localId' | 'remoteId'>,
  reason: string,
): Promise<void> {
  lane.deps.log.warn({ connection: lane.connection, objectType: lane.records.objectType, ...record }, 'a record was set aside');
  await raiseLaneIssue(trx, lane, {
    ...record,
    category: 'mapping',
    code: 'ROW_NOT_PROCESSED',
    message: `The record could not be processed: ${reason}`,
    remedy: 'It is tried again by itself. If that does not help, report it with the message.',
  });
}

/** Every connection but the one from which a value came: there it reads as equal. */
export function otherConnections(deps: ActivityDependencies, connection: string): readonly string[] {
  return [...deps.connections.keys()].filter((name) => name !== connection);
}
