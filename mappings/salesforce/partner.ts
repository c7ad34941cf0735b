import { PARTNER_STATUSES } from '../../program/vocabulary.ts';
import { choice, country, domain, identifier, line, oneOf } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/** A partner is an Account with a partner id. Where the org has state and country picklists, `BillingCountry` must take ISO codes. */
export const salesforcePartner: ObjectMapping = {
  objectType: 'partner',
  object: 'Account',
  externalId: { ours: 'partnerId', theirs: 'Partner_Id__c' },
  whereNotNull: 'Partner_Id__c',
  fields: [
    { ours: 'partnerId', theirs: 'Partner_Id__c', policy: 'ours', ...identifier(36) },
    { ours: 'name', theirs: 'Name', policy: 'newest', ...line(255) },
    { ours: 'domain', theirs: 'Website', policy: 'newest', ...domain(255) },
    { ours: 'country', theirs: 'BillingCountry', policy: 'newest', ...country() },
    { ours: 'type', theirs: 'Partner_Type__c', policy: 'newest', ...choice(64) },
    { ours: 'track', theirs: 'Partner_Track__c', policy: 'newest', ...choice(64) },
    { ours: 'tier', theirs: 'Partner_Tier__c', policy: 'newest', ...choice(64) },
    { ours: 'status', theirs: 'Partner_Status__c', policy: 'newest', ...oneOf(PARTNER_STATUSES) },
  ],
};
