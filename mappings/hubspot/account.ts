import { country, domain, identifier, instant, line, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { HUBSPOT_WORDS } from './words.ts';

/** Customer companies come in as evidence. A company has no number of a register, and which company is another's parent is not read. */
export const hubspotAccount: ObjectMapping = {
  objectType: 'account',
  object: 'companies',
  words: HUBSPOT_WORDS,
  externalId: null,
  whereNotNull: null,
  fields: [
    // Shows that a partner's company lost its id, which the capture of partners cannot see.
    { ours: 'partnerId', theirs: 'partner_id', policy: 'theirs', ...identifier(36) },
    { ours: 'name', theirs: 'name', policy: 'theirs', ...line(255) },
    { ours: 'domain', theirs: 'domain', policy: 'theirs', ...domain(255) },
    { ours: 'country', theirs: 'country', policy: 'theirs', ...country() },
    { ours: 'postalCode', theirs: 'zip', policy: 'theirs', ...line(20) },
    { ours: 'phone', theirs: 'phone', policy: 'theirs', ...line(40) },
    { ours: 'owner', theirs: 'hubspot_owner_id', policy: 'theirs', reference: 'user', ...reference() },
    { ours: 'lastActivityAt', theirs: 'notes_last_updated', policy: 'theirs', isOptional: true, ...instant() },
  ],
  complete: (values) => ({ ...values, companyNumber: null, parent: null, lastActivityAt: values['lastActivityAt'] ?? null }),
};
