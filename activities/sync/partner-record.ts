import { canonicaliseRow } from '../../mappings/field-mapping.ts';
import type { Program } from '../../program/definition/program.ts';
import { PARTNER_STATUSES } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { lockPartner, lockPartners, readPartners, updatePartner, type PartnerFields } from '../../store/partner.ts';
import { reevaluateClaimsOf } from '../../store/partner-claim.ts';
import { queuePush, queuePushesOfPartners } from '../../store/push-queue.ts';
import { bringIssuesForward } from '../../store/sync-issue.ts';
import { SUBMISSION_INCOMPLETE } from './adopt-row.ts';
import { otherConnections } from './lane.ts';
import type { TwoWayRecords } from './two-way-record.ts';

const REQUIRED: ReadonlySet<string> = new Set(['name', 'country', 'type', 'status']);

/** Partners: every field but the id may be edited on either side. */
export const partnerRecords: TwoWayRecords = {
  objectType: 'partner',
  command: null,

  async read(db, deps, connection, ids) {
    const mapping = deps.connections.get(connection)?.mapping.partner;
    return (await readPartners(db, ids)).map(({ partnerId, name, domain, country, type, track, tier, status, fieldTimes }) => {
      const values = { partnerId, name, domain, country, type, track, tier, status };
      const inTheirForm = mapping === undefined ? { values, problems: [] } : canonicaliseRow(mapping, values);
      return { localId: partnerId, ...inTheirForm, editedAt: fieldTimes, parents: {}, waitsFor: null, isRestored: true, notMade: null };
    });
  },

  async lock(trx, ids) {
    await lockPartners(trx, ids);
  },

  async take(trx, deps, connection, { localId, values, editedAt }) {
    const partner = await lockPartner(trx, localId);
    if (partner === null) return [];
    const allowed = allowedValues(deps.programs.current());
    const unusable = Object.entries(values).flatMap(([field, value]) => (isUsable(field, value, allowed) ? [] : [field]));
    const usable = Object.entries(values).filter(([field]) => !unusable.includes(field));
    const changed = await updatePartner(trx, partner, Object.fromEntries(usable) as Partial<PartnerFields>, editedAt);
    if (changed.length === 0) return unusable;
    await recordAudit(trx, {
      subject: `partner/${localId}`,
      kind: 'edited in CRM',
      actor: connection,
      details: { fields: changed },
      at: deps.now(),
    });
    await queuePush(trx, otherConnections(deps, connection), 'partner', [localId]);
    await reevaluateClaimsOf(trx, localId, changed);
    return unusable;
  },

  /** A partner's record has no field for an answer; the audit has what was written back. */
  async answerOverridden() {},

  /** The account went away, the partner did not: it is written again, as a new account. */
  async onDeleted(trx, _deps, connection, localId, at) {
    await recordAudit(trx, { subject: `partner/${localId}`, kind: 'deleted in CRM', actor: connection, details: {}, at });
  },

  /** Their registrations wait for their accounts, or point to those that were there before; rows made in the CRM may have waited to have a partner. */
  async onLinked(trx, _deps, connection, localIds) {
    if (localIds.length === 0) return;
    await bringIssuesForward(trx, connection, 'registration', SUBMISSION_INCOMPLETE);
    await queuePushesOfPartners(trx, connection, localIds);
  },

  async keepCommand() {},
  async isAnswered() {
    return true;
  },
  async receive() {
    return null;
  },
};

type AllowedValues = Readonly<Record<string, readonly string[]>>;

/** What the running program declares; any other word would make a partner that it says nothing about. */
function allowedValues({ types, tracks }: Program): AllowedValues {
  return {
    type: types.map(({ id }) => id),
    track: tracks.map(({ id }) => id),
    tier: tracks.flatMap(({ tiers }) => tiers.map(({ id }) => id)),
    status: PARTNER_STATUSES,
  };
}

function isUsable(field: string, value: string | null, allowed: AllowedValues): boolean {
  return value === null ? !REQUIRED.has(field) : (allowed[field]?.includes(value) ?? true);
}
