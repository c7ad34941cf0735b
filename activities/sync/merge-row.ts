import type { RemoteRow } from '../../crm/port.ts';
import { decodeRow, type FieldProblem, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { planMerge, type CanonicalRecord, type MergePlan } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { isBroken, readLinksByRemote, saveLinks, saveLink, type Link } from '../../store/link.ts';
import { attempt } from '../../store/sync-attempt.ts';
import { logSyncDecision } from '../../store/sync-decision.ts';
import { resolveIssues } from '../../store/sync-issue.ts';
import { readSentValues } from '../../store/write-intent.ts';
import { policiesFor, raiseLaneIssue, setAside, type Lane } from './lane.ts';
import { readLocals } from './local-record.ts';
import { besidesOf, haveSameBesides, meantFields, withoutBesides } from './lookup-holder.ts';
import { tellCommandedWritten } from './commanded-value.ts';
import { commandOn, editTimes, inOurClock, latestEdit, readDecisiveEdits, type RemoteEdits, type RowPair } from './remote-edit.ts';
import { answerOverridden, overriddenEdits, readOscillating, recordOverride } from './answer-overridden.ts';
import type { SetCommand } from './two-way-record.ts';

/** A linked row with its record and what was agreed on. */
interface Candidate extends RowPair {
  readonly link: Link;
  /** Values of theirs that could not be read. */
  readonly problems: readonly FieldProblem[];
}

/** A row that was merged: what of ours they still have to be told. */
export interface MergedRow {
  readonly pair: RowPair;
  /** Values of ours that differ from theirs and stand. */
  readonly send: CanonicalRecord;
  readonly command: SetCommand | null;
  /** The record oscillates: nothing is written until somebody retries it. */
  readonly isParked: boolean;
}

/**
 * Merges rows with our records: takes what is newer there, keeps commands, answers edits that do not stand, and remembers what was seen as the base.
 *
 * All of it is one transaction, which `finish` ends (with the cursor, or with what is about to be written); repeating it plans nothing new.
 * Rows in which both sides agree cost no lock. A row that cannot be processed is set aside with an issue and the others go on.
 */
export async function mergeRows(
  lane: Lane,
  rows: readonly RemoteRow[],
  finish: (trx: Transaction, merged: readonly MergedRow[]) => Promise<void>,
): Promise<readonly MergedRow[]> {
  const { deps, connection, records } = lane;
  const found = await pairRows(deps.db, lane, rows);
  const edits = await readDecisiveEdits(lane, found.candidates);
  return deps.db.transaction().execute(async (trx) => {
    for (const { link, reason } of found.failed) await setAside(trx, lane, link, reason);
    const merged: MergedRow[] = [];
    const quiet = found.candidates.filter((candidate) => isQuiet(candidate, planOf(lane, candidate, edits)));
    await saveLinks(trx, connection, records.objectType, newsOf(lane, quiet), deps.now());
    merged.push(...quiet.map((pair) => ({ pair, send: {}, command: null, isParked: false })));
    await tellCommandedWritten(
      trx,
      lane,
      quiet.map(({ local }) => ({ local, written: local.values })),
    );

    const others = found.candidates.filter((candidate) => !quiet.includes(candidate));
    await records.lock(
      trx,
      others.map(({ local }) => local.localId),
    );
    const fresh = await pairRows(
      trx,
      lane,
      others.map(({ row }) => row),
    );
    for (const { link, reason } of fresh.failed) await setAside(trx, lane, link, reason);
    const plain = fresh.candidates.filter((candidate) => isPlain(lane, candidate, edits));
    const together = await attempt(trx, async () => void merged.push(...(await carryOutPlain(trx, lane, plain, edits))));
    for (const candidate of together.kind === 'done' ? fresh.candidates.filter((each) => !plain.includes(each)) : fresh.candidates) {
      const outcome = await attempt(trx, async () => void merged.push(await carryOut(trx, lane, candidate, edits)));
      if (outcome.kind === 'failed') await setAside(trx, lane, candidate.link, outcome.reason);
    }
    const clean = quiet.map(({ row }) => row.id);
    await resolveIssues(trx, connection, records.objectType, 'row', { remoteIds: clean }, deps.now());
    const cameBack = [...quiet, ...fresh.candidates].filter(({ link }) => isBroken(link));
    await records.onLinked(
      trx,
      deps,
      connection,
      cameBack.map(({ local }) => local.localId),
    );
    await finish(trx, merged);
    return merged;
  });
}

/** The rows that are linked, beside our records; those that are deleted are left out. */
async function pairRows(
  db: Database | Transaction,
  lane: Lane,
  rows: readonly RemoteRow[],
): Promise<{ readonly candidates: readonly Candidate[]; readonly failed: readonly { readonly link: Link; readonly reason: string }[] }> {
  const { connection, mapping, records } = lane;
  const alive = rows.filter((row) => !row.deleted);
  const links = await readLinksByRemote(
    db,
    connection,
    records.objectType,
    alive.map((row) => row.id),
  );
  const localIds = [...links.values()].map((link) => link.localId);
  const sent = await readSentValues(db, connection, records.objectType, localIds);
  const { locals, unreadable } = await readLocals(lane, db, localIds);
  const candidates = alive.flatMap((row): readonly Candidate[] => {
    const link = links.get(row.id);
    const local = link === undefined ? undefined : locals.get(link.localId);
    if (link === undefined || local === undefined) return [];
    const { values: theirs, problems } = decodeRow(mapping, meantFields(mapping, row, link.base));
    return [{ row, link, local, theirs, problems, base: baseOf(link, sent.get(link.localId) ?? {}, theirs) }];
  });
  const failed = [...links.values()].flatMap((link) => {
    const reason = unreadable.get(link.localId);
    return reason === undefined ? [] : [{ link, reason }];
  });
  return { candidates, failed };
}

/** What both sides agreed on last. A value that we were about to write and that is there now was written by us, although no answer told so. */
function baseOf(link: Link, sent: CanonicalRecord, theirs: CanonicalRecord): CanonicalRecord | null {
  const arrived = Object.entries(sent).filter(([field, value]) => theirs[field] === value);
  const base = { ...link.base, ...Object.fromEntries(arrived) };
  return Object.keys(base).length === 0 ? null : base;
}

function planOf(lane: Lane, candidate: Candidate, edits: RemoteEdits): MergePlan {
  const { base, local, theirs } = candidate;
  return planMerge(base, local.values, theirs, policiesFor(lane, local), editTimes(lane.port, candidate, edits));
}

function isQuiet({ problems }: Candidate, plan: MergePlan): boolean {
  return problems.length === 0 && Object.values(plan).every((step) => step.kind === 'equal');
}

/** The links that are others once their rows were judged. */
function newsOf({ mapping }: Lane, candidates: readonly Candidate[]): readonly Link[] {
  return candidates.flatMap((candidate) => {
    const { link, row, local, theirs } = candidate;
    const after = agreement(mapping, candidate);
    const isMoved = Object.keys(theirs).some((field) => field in local.values && link.base[field] !== theirs[field]);
    return link.remoteStamp !== row.stamp || isMoved || !haveSameBesides(mapping, link.base, after.base) ? [after] : [];
  });
}

/** The link once the row was judged: what they had then is the base, so that nothing of it is judged, answered or counted a second time. */
function agreement(mapping: ObjectMapping, { link, row, local, theirs }: Candidate): Link {
  const judged = Object.entries(theirs).filter(([field]) => field in local.values);
  const base = { ...withoutBesides(mapping, link.base), ...Object.fromEntries(judged), ...besidesOf(mapping, row, theirs) };
  return { ...link, base, remoteStamp: row.stamp };
}

/** Nothing of theirs is to be taken, answered or told: the row only has to hear of ours. */
function isPlain(lane: Lane, candidate: Candidate, edits: RemoteEdits): boolean {
  const steps = Object.values(planOf(lane, candidate, edits));
  return candidate.problems.length === 0 && steps.every((step) => step.kind === 'equal' || (step.kind === 'send' && !step.overrode));
}

/** As `carryOut`, in a few statements for all of them: nearly every row of a push is such a one. */
async function carryOutPlain(trx: Transaction, lane: Lane, plain: readonly Candidate[], edits: RemoteEdits): Promise<readonly MergedRow[]> {
  const { deps, connection, records } = lane;
  const at = deps.now();
  await saveLinks(trx, connection, records.objectType, newsOf(lane, plain), at);
  const remoteIds = plain.map(({ row }) => row.id);
  await resolveIssues(trx, connection, records.objectType, 'row', { remoteIds }, at);
  const parked = await readOscillating(
    trx,
    lane,
    plain.map(({ local }) => local.localId),
  );
  return plain.map((candidate) => {
    const send = isClosedToUs(lane, candidate) ? {} : sentBy(planOf(lane, candidate, edits));
    const isParked = Object.keys(send).length > 0 && parked.has(candidate.local.localId);
    return { pair: candidate, send: isParked ? {} : send, command: null, isParked };
  });
}

/** The CRM takes no writes of the record any more: what of ours it does not say stays unsaid there. */
export function isClosedToUs({ mapping }: Lane, { theirs }: RowPair): boolean {
  return mapping.isClosedToUs?.(theirs) === true;
}

function sentBy(plan: MergePlan): CanonicalRecord {
  return Object.fromEntries(Object.entries(plan).flatMap(([field, step]) => (step.kind === 'send' ? [[field, step.value]] : [])));
}

async function carryOut(trx: Transaction, lane: Lane, candidate: Candidate, edits: RemoteEdits): Promise<MergedRow> {
  const { deps, connection, port, records } = lane;
  const { local, link, row } = candidate;
  const at = deps.now();
  await tellUnreadable(trx, lane, candidate, at);
  const policies = policiesFor(lane, local);
  const plan = planOf(lane, candidate, edits);
  const command = commandOn(lane, candidate, edits);
  if (command !== null) await records.keepCommand(trx, deps, connection, command);

  const taken = Object.fromEntries(Object.entries(plan).flatMap(([field, step]) => (step.kind === 'take' ? [[field, step.value]] : [])));
  const fields = Object.keys(taken);
  const editedAt = inOurClock(port, latestEdit(fields, row, edits));
  const unusable =
    fields.length === 0 ? [] : await records.take(trx, deps, connection, { localId: local.localId, values: taken, editedAt });
  const givenUp = Object.entries(plan).flatMap(([field, step]) =>
    step.kind === 'take' && step.overrode && !unusable.includes(field) ? [field] : [],
  );
  for (const field of givenUp) {
    const policy = policies[field] ?? '';
    await logSyncDecision(trx, { connection, objectType: records.objectType, localId: local.localId, field, outcome: 'take', policy, at });
  }
  await recordOverride(trx, lane, local.localId, 'own edit given up', givenUp, at);
  const back = {
    ...overriddenEdits(plan, candidate.theirs),
    ...Object.fromEntries(unusable.map((field) => [field, taken[field] ?? null])),
  };
  await answerOverridden(trx, { ...lane, policies }, link, back, unusable, at);
  await saveLink(trx, connection, records.objectType, agreement(lane.mapping, candidate), at);

  const kept = Object.fromEntries(unusable.map((field) => [field, local.values[field] ?? null]));
  const send = isClosedToUs(lane, candidate) ? {} : { ...sentBy(plan), ...kept };
  const isParked = Object.keys(send).length > 0 && (await readOscillating(trx, lane, [local.localId])).has(local.localId);
  return { pair: candidate, send: isParked ? {} : send, command, isParked };
}

/** What is kept by us is written back, whatever was typed into it; of other fields it is told that they cannot be read. */
async function tellUnreadable(trx: Transaction, lane: Lane, { link, row, problems }: Candidate, at: Instant): Promise<void> {
  const told = problems.filter(
    (problem) => !lane.mapping.fields.some((field) => field.theirs === problem.field && field.policy === 'ours'),
  );
  for (const { field, message } of told) {
    await raiseLaneIssue(trx, lane, {
      localId: link.localId,
      remoteId: row.id,
      category: 'invalid_value',
      code: `FIELD_UNREADABLE_${field}`,
      message: `${field} ${message}`,
      remedy: 'Mend the value in the CRM.',
    });
  }
  const codes = told.map(({ field }) => `FIELD_UNREADABLE_${field}`);
  await resolveIssues(trx, lane.connection, lane.records.objectType, 'row', { remoteIds: [row.id] }, at, codes);
}
