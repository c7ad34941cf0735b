import { amount, flag, instant, line, plainDate, reference, startOfDay } from '../codec.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/** Opportunities of the direct sales team come in as evidence. */
export const salesforceOpportunity: ObjectMapping = {
  objectType: 'opportunity',
  object: 'Opportunity',
  externalId: null,
  whereNotNull: null,
  fields: [
    { ours: 'account', theirs: 'AccountId', policy: 'theirs', reference: 'account', ...reference() },
    { ours: 'name', theirs: 'Name', policy: 'theirs', ...line(120) },
    { ours: 'stageName', theirs: 'StageName', policy: 'theirs', ...line(255), types: ['picklist'] },
    { ours: 'isClosed', theirs: 'IsClosed', policy: 'theirs', ...flag() },
    { ours: 'isWon', theirs: 'IsWon', policy: 'theirs', ...flag() },
    { ours: 'amount', theirs: 'Amount', policy: 'theirs', ...amount() },
    { ours: 'owner', theirs: 'OwnerId', policy: 'theirs', reference: 'user', ...reference() },
    { ours: 'createdAt', theirs: 'CreatedDate', policy: 'theirs', ...instant() },
    { ours: 'lastActivityAt', theirs: 'LastActivityDate', policy: 'theirs', ...startOfDay() },
    { ours: 'closeDate', theirs: 'CloseDate', policy: 'theirs', ...plainDate() },
  ],
  complete: withActivity,
};

/** What nobody worked on was last active when it was created; an activity that was entered for an earlier day changes nothing. */
function withActivity(values: CanonicalRecord): CanonicalRecord {
  const { createdAt, lastActivityAt } = values;
  if (createdAt === undefined || createdAt === null || lastActivityAt === undefined) return values;
  return { ...values, lastActivityAt: lastActivityAt === null || lastActivityAt < createdAt ? createdAt : lastActivityAt };
}
