import { CRM_FAILURES, type CrmFailureCode } from '../../crm/failures.ts';
import type { CrmPort, RemoteRow, RemoteWrite, WriteOutcome } from '../../crm/port.ts';
import { decodeRow, encodeRecord, fieldOf, remoteFieldsOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { planMerge, type CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { readLinksByLocal, saveLink, type Link } from '../../store/link.ts';
import { countDuePushes, finishPush, postponePush, queuePush, readDuePushes, type PendingPush } from '../../store/push-queue.ts';
import { raiseIssue, resolveIssuesOf } from '../../store/sync-issue.ts';
import type { Transaction } from '../../store/database.ts';
import type { PushResult } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { editTimes, policiesOf, readDecisiveEdits, type Candidate, type RemoteEdits } from './merge-row.ts';
import { findOverwritten } from './overwritten-edit.ts';
import { agreedValues, baseOf } from './pull-page.ts';
import type { LocalRecord, TwoWayRecords } from './two-way-record.ts';

const PARENT_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 15 * 60_000;

/** A record of the batch with everything known of both sides. */
interface Prepared {
  readonly push: PendingPush;
  readonly local: LocalRecord;
  readonly link: Link | null;
  /** Their row as it was read just before; null when it has to be created. */
  readonly row: RemoteRow | null;
}

/** What is written of a record, in our form; nothing when both sides agree. */
interface Planned extends Prepared {
  readonly send: CanonicalRecord;
  readonly agreed: CanonicalRecord;
}

/**
 * Writes the next batch of changed records: read again, planned, written in one call, and read back, so that their stored form becomes the base.
 *
 * Only changed fields are written, and a refused row never holds back the others. A crash at any point repeats the batch, which then finds
 * that both sides agree. Edits that somebody made between our read and our write are found in the CRM's history and stand if they are the later ones.
 */
export async function pushTwoWayBatch(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  records: TwoWayRecords,
): Promise<PushResult> {
  const { port } = connection;
  const mapping = connection.mapping[records.objectType];
  const due = await readDuePushes(deps.db, name, records.objectType, port.writeBatchSize);
  const locals = new Map(
    (
      await records.read(
        deps.db,
        deps,
        name,
        due.map((push) => push.localId),
      )
    ).map((local) => [local.localId, local]),
  );
  const readyPushes = due.filter((push) => locals.get(push.localId)?.waitsFor === null);
  const waiting = due.filter((push) => !readyPushes.includes(push));
  await waitForParents(deps, name, records, waiting, locals);

  const readAt = new Date(Date.now() + port.clockOffsetMs()).toISOString();
  const prepared = await readOtherSide(deps, name, port, mapping, records, readyPushes, locals);
  const planned = await planAll(deps, name, port, mapping, records, prepared);
  const writes = planned.filter((plan) => Object.keys(plan.send).length > 0);
  const outcomes =
    writes.length === 0
      ? []
      : await port.write(
          mapping.object,
          writes.map((plan) => writeOf(connection, mapping, plan)),
        );
  const written = new Map(
    writes.flatMap((plan, index) =>
      outcomes[index]?.kind === 'written' ? [[plan.local.localId, outcomes[index] as WriteOutcome & { kind: 'written' }] as const] : [],
    ),
  );
  const stored = await readBack(
    port,
    mapping,
    [...written.values()].map((outcome) => outcome.id),
  );
  const overwritten = await findOverwritten(
    port,
    mapping,
    writes.filter((plan) => plan.row !== null && written.has(plan.local.localId)),
    readAt,
  );

  await deps.db.transaction().execute(async (trx) => {
    const at = deps.now();
    for (const plan of planned) {
      const index = writes.indexOf(plan);
      const outcome = index < 0 ? null : (outcomes[index] ?? null);
      if (outcome?.kind === 'refused') await keepRefusal(trx, deps, name, records, plan, outcome, at);
      else
        await keepAgreement(
          trx,
          deps,
          name,
          records,
          mapping,
          plan,
          outcome?.id ?? null,
          stored,
          overwritten.get(plan.local.localId) ?? null,
          at,
        );
    }
  });
  return {
    written: written.size,
    unchanged: planned.length - writes.length,
    refused: writes.length - written.size,
    postponed: waiting.length,
    dueNow: await countDuePushes(deps.db, name, records.objectType),
  };
}

/** A child waits for its parent's link: the parent is brought forward, and the child tried again soon. */
async function waitForParents(
  deps: ActivityDependencies,
  name: string,
  records: TwoWayRecords,
  waiting: readonly PendingPush[],
  locals: ReadonlyMap<string, LocalRecord>,
): Promise<void> {
  if (waiting.length === 0) return;
  await deps.db.transaction().execute(async (trx) => {
    for (const push of waiting) {
      const parent = locals.get(push.localId)?.waitsFor;
      if (parent === undefined || parent === null) await finishPush(trx, name, records.objectType, push);
      else {
        await queuePush(trx, [name], parent.objectType, [parent.localId]);
        await postponePush(trx, name, records.objectType, push, Math.min(MAX_PAUSE_MS, PARENT_PAUSE_MS * 2 ** push.attempts));
      }
    }
  });
}

async function readOtherSide(
  deps: ActivityDependencies,
  name: string,
  port: CrmPort,
  mapping: ObjectMapping,
  records: TwoWayRecords,
  pushes: readonly PendingPush[],
  locals: ReadonlyMap<string, LocalRecord>,
): Promise<readonly Prepared[]> {
  const links = await readLinksByLocal(
    deps.db,
    name,
    records.objectType,
    pushes.map((push) => push.localId),
  );
  const fields = remoteFieldsOf(mapping);
  const linkedIds = [...links.values()].map((link) => link.remoteId);
  const rows = new Map((linkedIds.length === 0 ? [] : await port.read(mapping.object, linkedIds, fields)).map((row) => [row.id, row]));
  // A record without a link may be there all the same: its creation was answered to a worker that died.
  const unlinked = pushes.filter((push) => !links.has(push.localId)).map((push) => push.localId);
  const key = mapping.externalId?.theirs ?? '';
  const own = new Map(
    (unlinked.length === 0 ? [] : await port.find(mapping.object, key, unlinked, fields)).map((row) => [String(row.fields[key]), row]),
  );
  return pushes.map((push) => {
    const link = links.get(push.localId) ?? null;
    const found = link === null ? own.get(push.localId) : rows.get(link.remoteId);
    return { push, local: locals.get(push.localId) as LocalRecord, link, row: found === undefined || found.deleted ? null : found };
  });
}

async function planAll(
  deps: ActivityDependencies,
  name: string,
  port: CrmPort,
  mapping: ObjectMapping,
  records: TwoWayRecords,
  prepared: readonly Prepared[],
): Promise<readonly Planned[]> {
  const candidates = new Map(
    prepared.flatMap((item) =>
      item.row === null
        ? []
        : [
            [
              item.local.localId,
              {
                row: item.row,
                local: item.local,
                base: item.link === null ? null : baseOf(item.link),
                theirs: decodeRow(mapping, item.row.fields).values,
              } as Candidate,
            ] as const,
          ],
    ),
  );
  const edits = await readDecisiveEdits(port, mapping, records.command?.field ?? null, [...candidates.values()]);
  const policies = policiesOf(mapping);
  const planned: Planned[] = [];
  for (const item of prepared) {
    const candidate = candidates.get(item.local.localId);
    if (candidate === undefined) {
      planned.push({ ...item, send: newRecord(mapping, item.local), agreed: {} });
      continue;
    }
    const plan = planMerge(candidate.base, item.local.values, candidate.theirs, policies, editTimes(port, candidate, edits));
    const send = Object.fromEntries(Object.entries(plan).flatMap(([field, step]) => (step.kind === 'send' ? [[field, step.value]] : [])));
    const cleared = await clearedCommand(deps, name, records, candidate, edits);
    // What the CRM edited meanwhile is taken by the next pull, with its events; here only what we have to say is written.
    const agreed = Object.fromEntries(Object.entries(agreedValues(plan)).filter(([field]) => plan[field]?.kind === 'equal'));
    planned.push({ ...item, send: { ...send, ...cleared }, agreed });
  }
  return planned;
}

/** A record that does not exist there: every value that is not empty, except what only they may set. */
function newRecord(mapping: ObjectMapping, local: LocalRecord): CanonicalRecord {
  return Object.fromEntries(
    Object.entries(local.values).filter(([field, value]) => value !== null && fieldOf(mapping, field)?.policy !== 'theirs'),
  );
}

/** A command is cleared once it was carried out or refused, and only the one that was: a newer one in the same field stays for the next pull. */
async function clearedCommand(
  deps: ActivityDependencies,
  name: string,
  records: TwoWayRecords,
  { row, local, theirs }: Candidate,
  edits: RemoteEdits,
): Promise<CanonicalRecord> {
  const command = records.command;
  const value = command === null ? null : (theirs[command.field] ?? null);
  if (command === null || value === null) return {};
  const edit = edits.get(row.id)?.get(command.field);
  const set = {
    localId: local.localId,
    remoteId: row.id,
    value,
    comment: null,
    setAt: edit?.at ?? row.stamp,
    setBy: edit?.by ?? row.modifiedBy,
  };
  return (await records.isAnswered(deps.db, name, set)) ? { [command.field]: null, [command.comment]: null } : {};
}

function writeOf({ mapping: crm }: Connection, mapping: ObjectMapping, { local, link, row, send }: Planned): RemoteWrite {
  const ownId = mapping.externalId ?? { ours: '', theirs: '' };
  const target: RemoteWrite['target'] =
    row !== null && (link === null || row.fields[ownId.theirs] !== local.localId)
      ? { kind: 'id', id: row.id }
      : { kind: 'external_id', field: ownId.theirs, value: local.localId };
  const parents = Object.entries(local.parents).flatMap(([field, parent]) => {
    const lookup = fieldOf(mapping, field);
    const key = crm[parent.objectType].externalId;
    return send[field] == null || lookup === undefined || key === null
      ? []
      : [[lookup.theirs, { object: crm[parent.objectType].object, field: key.theirs, value: parent.localId }] as const];
  });
  const byParent = new Set(Object.keys(local.parents));
  const values = Object.entries(send).filter(
    ([field, value]) => (value === null || !byParent.has(field)) && (field !== ownId.ours || target.kind === 'id'),
  );
  return {
    target,
    fields: encodeRecord(mapping, Object.fromEntries(values)),
    ...(parents.length === 0 ? {} : { parents: Object.fromEntries(parents) }),
  };
}

async function readBack(port: CrmPort, mapping: ObjectMapping, ids: readonly string[]): Promise<ReadonlyMap<string, RemoteRow>> {
  if (ids.length === 0) return new Map();
  return new Map((await port.read(mapping.object, ids, remoteFieldsOf(mapping))).map((row) => [row.id, row]));
}

async function keepAgreement(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  records: TwoWayRecords,
  mapping: ObjectMapping,
  plan: Planned,
  writtenId: string | null,
  stored: ReadonlyMap<string, RemoteRow>,
  overwritten: { readonly values: CanonicalRecord; readonly editedAt: Instant } | null,
  at: Instant,
): Promise<void> {
  const { local, link, row, push } = plan;
  const remoteId = writtenId ?? link?.remoteId ?? row?.id;
  if (remoteId === undefined) return;
  const after = stored.get(remoteId);
  const nowThere = after === undefined ? {} : decodeRow(mapping, after.fields).values;
  // A value that reads otherwise than it was written was edited by somebody at once: the pull takes it, against what we wrote.
  const sent = Object.fromEntries(Object.entries(plan.send).filter(([field]) => fieldOf(mapping, field)?.policy !== 'command'));
  const empty =
    link === null && row === null
      ? Object.fromEntries(Object.entries(local.values).filter(([field, value]) => value === null && nowThere[field] === null))
      : {};
  const base = { ...(link?.base ?? {}), ...plan.agreed, ...empty, ...sent };
  const remoteStamp = writtenId === null ? (row?.stamp ?? null) : (link?.remoteStamp ?? null);
  const saved = await saveLink(trx, name, records.objectType, { localId: local.localId, remoteId, base, remoteStamp }, at);
  if (saved === 'taken') {
    const issue = {
      connection: name,
      objectType: records.objectType,
      localId: local.localId,
      remoteId,
      category: 'conflict' as const,
      code: 'LINKED_TO_ANOTHER',
    };
    await raiseIssue(
      trx,
      deps.newId(),
      {
        ...issue,
        message: 'The CRM record is linked to another record of ours.',
        remedy: 'Merge the two, or clear the id in the CRM, then retry.',
      },
      at,
    );
  } else await resolveIssuesOf(trx, name, records.objectType, { localId: local.localId }, at);
  for (const problem of local.problems) {
    const issue = {
      connection: name,
      objectType: records.objectType,
      localId: local.localId,
      remoteId,
      category: 'invalid_value' as const,
      code: `FIELD_NOT_WRITTEN_${problem.field}`,
    };
    await raiseIssue(
      trx,
      deps.newId(),
      {
        ...issue,
        message: `${problem.field} ${problem.message}`,
        remedy: 'Mend the value in the registration; the rest of the record was written.',
      },
      at,
    );
  }
  await finishPush(trx, name, records.objectType, push);
  if (overwritten !== null) {
    await records.take(trx, deps, name, { localId: local.localId, ...overwritten });
    await queuePush(trx, [name], records.objectType, [local.localId]);
  }
}

async function keepRefusal(
  trx: Transaction,
  deps: ActivityDependencies,
  name: string,
  records: TwoWayRecords,
  plan: Planned,
  outcome: Extract<WriteOutcome, { kind: 'refused' }>,
  at: Instant,
): Promise<void> {
  const { local, link, push } = plan;
  if (outcome.retryable) {
    await postponePush(trx, name, records.objectType, push, Math.min(MAX_PAUSE_MS, 1_000 * 2 ** push.attempts));
    if (push.attempts < 3) return;
  } else await finishPush(trx, name, records.objectType, push);
  const code = (outcome.code in CRM_FAILURES ? outcome.code : 'CRM_REQUEST_INVALID') as CrmFailureCode;
  const { category, remedy } = CRM_FAILURES[code];
  await raiseIssue(
    trx,
    deps.newId(),
    {
      connection: name,
      objectType: records.objectType,
      localId: local.localId,
      remoteId: link?.remoteId ?? null,
      category,
      code,
      message: outcome.message,
      remedy,
    },
    at,
  );
}
