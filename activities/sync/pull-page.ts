import type { RemoteRow } from '../../crm/port.ts';
import { decodeRow, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { planMerge, type CanonicalRecord, type MergePlan } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { dropLink, readLinksByRemote, saveLink, type Link } from '../../store/link.ts';
import { queuePush } from '../../store/push-queue.ts';
import { logSyncDecision } from '../../store/sync-decision.ts';
import { raiseIssue, resolveIssuesOf } from '../../store/sync-issue.ts';
import { readCursor, saveCursor } from '../../store/sync-cursor.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { captureNext } from './capture.ts';
import { editTimes, inOurClock, policiesOf, readDecisiveEdits, type Candidate, type RemoteEdits } from './merge-row.ts';
import type { LocalRecord, TwoWayRecords } from './two-way-record.ts';

/**
 * Pulls one page of a record type that goes both ways, and commits rows, bases, events and the cursor in one transaction.
 * A crash before the commit repeats the page; a repeated page plans nothing new.
 */
export async function pullTwoWayPage(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  records: TwoWayRecords,
): Promise<{ rows: number; drained: boolean }> {
  const { port } = connection;
  const mapping = connection.mapping[records.objectType];
  const captured = await captureNext(deps, name, connection, records.objectType, await readCursor(deps.db, name, records.objectType));
  await adoptNewRows(deps, name, mapping, records, captured.rows);
  const candidates = await pairUp(deps, name, mapping, records, captured.rows);
  const edits = await readDecisiveEdits(port, mapping, records.command?.field ?? null, [...candidates.values()]);
  await deps.db.transaction().execute(async (trx) => {
    const at = deps.now();
    const links = await readLinksByRemote(
      trx,
      name,
      records.objectType,
      captured.rows.map((row) => row.id),
    );
    const localIds = [...links.values()].map((link) => link.localId);
    await records.lock(trx, localIds);
    const locals = new Map((await records.read(trx, deps, name, localIds)).map((local) => [local.localId, local]));
    for (const row of captured.rows) {
      const link = links.get(row.id);
      const local = link === undefined ? undefined : locals.get(link.localId);
      if (link === undefined || local === undefined) continue;
      if (row.deleted) await forgetRow(trx, deps, name, records, link, at);
      else await mergeRow(trx, deps, name, connection, mapping, records, row, link, local, edits, at);
    }
    await saveCursor(trx, name, records.objectType, captured.cursor);
  });
  return { rows: captured.rows.length, drained: captured.drained };
}

/**
 * Rows that are not linked yet: with our id they are our own (an answer that was lost, or a first match) and are linked; without, they were made in the CRM and are received.
 * It happens before the page's transaction, and repeating it changes nothing.
 */
async function adoptNewRows(
  deps: ActivityDependencies,
  name: string,
  mapping: ObjectMapping,
  records: TwoWayRecords,
  rows: readonly RemoteRow[],
): Promise<void> {
  const links = await readLinksByRemote(
    deps.db,
    name,
    records.objectType,
    rows.map((row) => row.id),
  );
  const externalId = mapping.externalId;
  for (const row of rows) {
    if (links.has(row.id) || row.deleted || externalId === null) continue;
    const ourId = row.fields[externalId.theirs];
    if (typeof ourId === 'string' && ourId !== '') await adoptOwn(deps, name, records, row, ourId);
    else if (ourId === null || ourId === '') await receiveRow(deps, name, records, row);
  }
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

async function adoptOwn(deps: ActivityDependencies, name: string, records: TwoWayRecords, row: RemoteRow, ourId: string): Promise<void> {
  const [local] = UUID.test(ourId) ? await records.read(deps.db, deps, name, [ourId]) : [];
  await deps.db.transaction().execute(async (trx) => {
    const at = deps.now();
    const issue = {
      connection: name,
      objectType: records.objectType,
      localId: null,
      remoteId: row.id,
      category: 'conflict' as const,
      code: 'RECORD_NOT_OURS',
    };
    if (local === undefined) {
      const message = `The record carries the id ${ourId}, which is none of ours.`;
      await raiseIssue(
        trx,
        deps.newId(),
        { ...issue, message, remedy: 'Clear the id in the CRM to have the record received anew, or skip.' },
        at,
      );
      return;
    }
    const saved = await saveLink(trx, name, records.objectType, { localId: ourId, remoteId: row.id, base: {}, remoteStamp: null }, at);
    if (saved === 'saved') await queuePush(trx, [name], records.objectType, [ourId]);
  });
}

async function receiveRow(deps: ActivityDependencies, name: string, records: TwoWayRecords, row: RemoteRow): Promise<void> {
  const problem = await records.receive(deps, name, row);
  await deps.db.transaction().execute(async (trx) => {
    const at = deps.now();
    if (problem === null) {
      await resolveIssuesOf(trx, name, records.objectType, { remoteId: row.id }, at);
      return;
    }
    const issue = {
      connection: name,
      objectType: records.objectType,
      localId: null,
      remoteId: row.id,
      category: 'invalid_value' as const,
      code: 'SUBMISSION_INCOMPLETE',
    };
    await raiseIssue(trx, deps.newId(), { ...issue, ...problem }, at);
  });
}

async function pairUp(
  deps: ActivityDependencies,
  name: string,
  mapping: ObjectMapping,
  records: TwoWayRecords,
  rows: readonly RemoteRow[],
): Promise<ReadonlyMap<string, Candidate>> {
  const links = await readLinksByRemote(
    deps.db,
    name,
    records.objectType,
    rows.map((row) => row.id),
  );
  const locals = new Map(
    (
      await records.read(
        deps.db,
        deps,
        name,
        [...links.values()].map((link) => link.localId),
      )
    ).map((local) => [local.localId, local]),
  );
  const candidates = new Map<string, Candidate>();
  for (const row of rows) {
    const link = links.get(row.id);
    const local = link === undefined ? undefined : locals.get(link.localId);
    if (link === undefined || local === undefined || row.deleted) continue;
    candidates.set(row.id, { row, local, base: baseOf(link), theirs: decodeRow(mapping, row.fields).values });
  }
  return candidates;
}

/** A link that was just made has agreed on nothing yet. */
export function baseOf(link: Link): CanonicalRecord | null {
  return Object.keys(link.base).length === 0 ? null : link.base;
}

async function forgetRow(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  records: TwoWayRecords,
  link: Link,
  at: Instant,
): Promise<void> {
  await dropLink(trx, name, records.objectType, link.localId);
  await records.onDeleted(trx, deps, name, link.localId, at);
}

async function mergeRow(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  { port }: Connection,
  mapping: ObjectMapping,
  records: TwoWayRecords,
  row: RemoteRow,
  link: Link,
  local: LocalRecord,
  edits: RemoteEdits,
  at: Instant,
): Promise<void> {
  const { values: theirs, problems } = decodeRow(mapping, row.fields);
  const policies = policiesOf(mapping);
  for (const problem of problems) {
    // What is kept by us is written back, whatever was typed into it.
    if (mapping.fields.some((field) => field.theirs === problem.field && field.policy === 'ours')) continue;
    const issue = {
      connection: name,
      objectType: records.objectType,
      localId: link.localId,
      remoteId: row.id,
      category: 'invalid_value' as const,
    };
    const message = `${problem.field} ${problem.message}`;
    await raiseIssue(
      trx,
      deps.newId(),
      { ...issue, code: `FIELD_UNREADABLE_${problem.field}`, message, remedy: 'Mend the value in the CRM.' },
      at,
    );
  }
  const candidate: Candidate = { row, local, base: baseOf(link), theirs };
  const plan = planMerge(candidate.base, local.values, theirs, policies, editTimes(port, candidate, edits));
  await keepCommand(trx, deps, name, records, local, candidate, plan, edits);

  const taken = Object.fromEntries(Object.entries(plan).flatMap(([field, step]) => (step.kind === 'take' ? [[field, step.value]] : [])));
  if (Object.keys(taken).length > 0) {
    await records.take(trx, deps, name, {
      localId: local.localId,
      values: taken,
      editedAt: inOurClock(port, latestEdit(taken, candidate, edits)),
    });
  }
  const toSend = Object.values(plan).some((step) => step.kind === 'send' || step.kind === 'consume');
  if (toSend) await queuePush(trx, [name], records.objectType, [local.localId]);
  const writtenBack = Object.entries(plan).flatMap(([field, step]) =>
    step.kind === 'send' && step.overrode && policies[field] === 'ours' ? [field] : [],
  );
  if (writtenBack.length > 0) await records.answerOverridden(trx, deps, name, local.localId, writtenBack, at);
  for (const [field, step] of Object.entries(plan)) {
    if ((step.kind === 'take' || step.kind === 'send') && step.overrode) {
      await logSyncDecision(trx, {
        connection: name,
        objectType: records.objectType,
        localId: local.localId,
        field,
        outcome: step.kind,
        policy: policies[field] ?? '',
        at,
      });
    }
  }
  await saveLink(trx, name, records.objectType, { ...link, base: { ...link.base, ...agreedValues(plan) }, remoteStamp: row.stamp }, at);
}

/** What both sides agree on once the plan's takes are stored; what is still to be sent is agreed on when it was. */
export function agreedValues(plan: MergePlan): CanonicalRecord {
  return Object.fromEntries(
    Object.entries(plan).flatMap(([field, step]) => (step.kind === 'equal' || step.kind === 'take' ? [[field, step.value]] : [])),
  );
}

function latestEdit(taken: CanonicalRecord, { row }: Candidate, edits: RemoteEdits): Instant {
  const times = Object.keys(taken).flatMap((field) => edits.get(row.id)?.get(field)?.at ?? []);
  return times.length === 0 ? row.stamp : (times.sort().at(-1) as Instant);
}

async function keepCommand(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  records: TwoWayRecords,
  local: LocalRecord,
  { row, theirs }: Candidate,
  plan: MergePlan,
  edits: RemoteEdits,
): Promise<void> {
  if (records.command === null) return;
  const step = plan[records.command.field];
  if (step?.kind !== 'consume') return;
  const edit = edits.get(row.id)?.get(records.command.field);
  const set = {
    localId: local.localId,
    remoteId: row.id,
    value: step.value,
    comment: theirs[records.command.comment] ?? null,
    setAt: edit?.at ?? row.stamp,
    setBy: edit?.by ?? row.modifiedBy,
  };
  await records.keepCommand(trx, deps, name, set);
}
