import { amount, flag, instant, line, plainDate, reference } from '../codec.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { DEAL_STAGES } from './deal-stage.ts';
import { HUBSPOT_WORDS } from './words.ts';

/**
 * Deals of the direct sales team come in as evidence. A stage is told by its id. Whether it is closed and won HubSpot says in properties that it calculates.
 * https://knowledge.hubspot.com/properties/hubspots-default-deal-properties
 */
export const hubspotOpportunity: ObjectMapping = {
  objectType: 'opportunity',
  object: 'deals',
  words: HUBSPOT_WORDS,
  externalId: null,
  whereNotNull: null,
  fields: [
    { ours: 'account', theirs: 'associations.companies.primary', policy: 'theirs', reference: 'account', ...reference() },
    { ours: 'name', theirs: 'dealname', policy: 'theirs', ...line(120) },
    { ours: 'stageName', theirs: 'dealstage', policy: 'theirs', ...line(255), types: ['picklist'] },
    { ours: 'isClosed', theirs: 'hs_is_closed', policy: 'theirs', isOptional: true, ...flag() },
    { ours: 'isWon', theirs: 'hs_is_closed_won', policy: 'theirs', isOptional: true, ...flag() },
    { ours: 'amount', theirs: 'amount', policy: 'theirs', ...amount() },
    { ours: 'owner', theirs: 'hubspot_owner_id', policy: 'theirs', reference: 'user', ...reference() },
    { ours: 'createdAt', theirs: 'createdate', policy: 'theirs', ...instant() },
    { ours: 'lastActivityAt', theirs: 'notes_last_updated', policy: 'theirs', ...instant() },
    { ours: 'closeDate', theirs: 'closedate', policy: 'theirs', ...plainDate() },
  ],
  stages: DEAL_STAGES,
  complete: withActivity,
};

/** What nobody worked on was last active when it was created. */
function withActivity(values: CanonicalRecord): CanonicalRecord {
  const { createdAt, lastActivityAt } = values;
  if (createdAt === undefined || createdAt === null || lastActivityAt === undefined) return values;
  return { ...values, lastActivityAt: lastActivityAt === null || lastActivityAt < createdAt ? createdAt : lastActivityAt };
}
