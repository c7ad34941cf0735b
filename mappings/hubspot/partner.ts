import { PARTNER_STATUSES } from '../../program/vocabulary.ts';
import { choice, country, domain, identifier, line, oneOf } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { HUBSPOT_WORDS } from './words.ts';

/** A partner is a company with a partner id. */
export const hubspotPartner: ObjectMapping = {
  objectType: 'partner',
  object: 'companies',
  words: HUBSPOT_WORDS,
  externalId: { ours: 'partnerId', theirs: 'partner_id' },
  whereNotNull: 'partner_id',
  fields: [
    { ours: 'partnerId', theirs: 'partner_id', policy: 'ours', ...identifier(36) },
    { ours: 'name', theirs: 'name', policy: 'newest', ...line(255) },
    { ours: 'domain', theirs: 'domain', policy: 'newest', ...domain(255) },
    { ours: 'country', theirs: 'country', policy: 'newest', ...country() },
    { ours: 'type', theirs: 'partner_type', policy: 'newest', ...choice(64) },
    { ours: 'track', theirs: 'partner_track', policy: 'newest', ...choice(64) },
    { ours: 'tier', theirs: 'partner_tier', policy: 'newest', ...choice(64) },
    { ours: 'status', theirs: 'partner_status', policy: 'newest', ...oneOf(PARTNER_STATUSES) },
  ],
};
