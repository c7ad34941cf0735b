import { fitsConditions, type RemoteRow } from '../../crm/port.ts';
import { decodeRow, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { customerDomain, normalizeCompanyNumber, normalizeCountry } from '../../program/customer-key.ts';
import { normalizeCustomerName } from '../../program/customer-name.ts';
import { dunsNumber } from '../../program/duns-number.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant, ObjectType } from '../../program/vocabulary.ts';
import { reconsiderQuestionsTo, reconsiderQuestionsToNobody } from '../../store/absence-change.ts';
import { lockMirrored, readMirrorStamps, saveAccounts, saveUsers } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { readLinksByRemote } from '../../store/link.ts';
import { readInactive } from '../../store/people.ts';
import { queuePush } from '../../store/push-queue.ts';
import { queueTasksOfUsers } from '../../store/task-place.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { saveCapturedOpportunities } from './captured-opportunity.ts';
import type { StagePlaces } from './opportunity-definition.ts';
import { ASSIGNEE_UNAVAILABLE } from './task-record.ts';

export type MirroredType = Extract<ObjectType, 'user' | 'account' | 'opportunity'>;

export const MIRROR_TABLES = { user: 'crm_user', account: 'crm_account', opportunity: 'crm_opportunity' } as const;

/**
 * Copies captured rows into the mirror. A field that the row does not carry, or that is of another form than expected, is stored as empty: evidence is never guessed.
 *
 * A page of an index that is behind never takes a copy back to what was before: a verdict may have had the later one read meanwhile.
 */
export async function saveMirrored(
  trx: Transaction,
  deps: ActivityDependencies,
  connection: string,
  objectType: MirroredType,
  rows: readonly RemoteRow[],
  stages: StagePlaces,
  now: Instant,
): Promise<void> {
  const known = deps.connections.get(connection);
  const mapping = known?.mapping[objectType];
  if (known === undefined || mapping === undefined || rows.length === 0) return;
  const latest = known.port.capturesLate === true ? await withoutOutdated(trx, connection, objectType, rows) : rows;
  const decoded = (await ofMapping(trx, connection, objectType, mapping, latest)).map((row) => ({
    row,
    values: decodeRow(mapping, row.fields).values,
  }));
  switch (objectType) {
    case 'user': {
      const aliases = [...new Set(decoded.flatMap(({ values }) => text(values, 'alias') ?? []))];
      const goneBefore = await readInactive(trx, aliases);
      await saveUsers(
        trx,
        decoded.map(({ row, values }) => ({
          ...identity(connection, row),
          alias: text(values, 'alias') ?? row.id,
          email: text(values, 'email'),
          name: text(values, 'name'),
          is_active: text(values, 'isActive') === 'true',
          manager_remote_id: text(values, 'manager'),
        })),
      );
      await queueTasksOfUsers(trx, connection, aliases, ASSIGNEE_UNAVAILABLE);
      await followComingAndGoing(trx, deps, goneBefore, await readInactive(trx, aliases));
      return;
    }
    case 'account':
      await saveAccounts(
        trx,
        decoded.map(({ row, values }) => ({
          ...identity(connection, row),
          name: text(values, 'name') ?? '',
          name_key: normalizeCustomerName(text(values, 'name') ?? ''),
          domain: customerDomain(text(values, 'domain'), deps.freeMailDomains)?.name ?? null,
          country: text(values, 'country'),
          postal_code: text(values, 'postalCode'),
          company_number: numberOf(values),
          last_activity_at: text(values, 'lastActivityAt'),
          owner_remote_id: text(values, 'owner'),
          parent_remote_id: text(values, 'parent'),
          merged_into: row.mergedInto,
          refreshed_at: now,
        })),
      );
      await mendPartners(trx, connection, decoded);
      return;
    case 'opportunity':
      await saveCapturedOpportunities(trx, deps, connection, decoded, stages, now);
      return;
  }
}

/**
 * The rows of which we hold no later copy. One that we hold as deleted says nothing by its stamp, which is when it was deleted: a record that is back has the one from
 * before. Users come from no index.
 */
async function withoutOutdated(
  trx: Transaction,
  connection: string,
  objectType: MirroredType,
  rows: readonly RemoteRow[],
): Promise<readonly RemoteRow[]> {
  if (objectType === 'user') return rows;
  const held = await lockMirrored(
    trx,
    MIRROR_TABLES[objectType],
    connection,
    rows.map(({ id }) => id),
  );
  return rows.filter((row) => {
    const copy = held.get(row.id);
    return copy === undefined || copy.isDeleted || row.deleted || row.stamp >= copy.stamp;
  });
}

/** Of an object that holds others, too: those are left out, and one that became such a one since we read it is gone. */
async function ofMapping(
  trx: Transaction,
  connection: string,
  objectType: MirroredType,
  { where = [] }: ObjectMapping,
  rows: readonly RemoteRow[],
): Promise<readonly RemoteRow[]> {
  const others = rows.filter((row) => !fitsConditions(where, row.fields)).map(({ id }) => id);
  if (others.length === 0) return rows;
  const known = await readMirrorStamps(trx, MIRROR_TABLES[objectType], connection, others);
  return rows.flatMap((row) => (!others.includes(row.id) ? [row] : known.has(row.id) ? [{ ...row, deleted: true }] : []));
}

/** Who is deactivated answers nothing any more: what they are asked is put to somebody else at once. Who is active again may be asked what nobody was free for. */
async function followComingAndGoing(
  trx: Transaction,
  deps: ActivityDependencies,
  goneBefore: readonly string[],
  gone: readonly string[],
): Promise<void> {
  await reconsiderQuestionsTo(trx, gone);
  if (goneBefore.every((alias) => gone.includes(alias))) return;
  await reconsiderQuestionsToNobody(trx, deps.programs.current().governance.fallback);
}

/** A partner's account that lost its partner id is captured as a partner no more: it is seen here, and a push gives it its id again. */
async function mendPartners(
  trx: Transaction,
  connection: string,
  decoded: readonly { readonly row: RemoteRow; readonly values: CanonicalRecord }[],
): Promise<void> {
  const alive = decoded.filter(({ row }) => !row.deleted);
  const links = await readLinksByRemote(
    trx,
    connection,
    'partner',
    alive.map(({ row }) => row.id),
  );
  const lost = alive.flatMap(({ row, values }) => {
    const link = links.get(row.id);
    return link === undefined || values['partnerId'] === link.localId ? [] : [link.localId];
  });
  await queuePush(trx, [connection], 'partner', lost.toSorted());
}

function identity(connection: string, row: RemoteRow) {
  return { connection, remote_id: row.id, stamp: row.stamp, deleted: row.deleted };
}

/** As claims are compared with it: a DUNS number as such, any other by the register of the country. */
function numberOf(values: CanonicalRecord): string | null {
  const written = text(values, 'companyNumber');
  const duns = dunsNumber(written);
  if (duns !== null) return `DUNS ${duns}`;
  const country = normalizeCountry(text(values, 'country') ?? '');
  return country === null ? null : normalizeCompanyNumber(written, country);
}

function text(values: CanonicalRecord, field: string): string | null {
  return values[field] ?? null;
}
