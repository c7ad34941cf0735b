import { flag, line, userAlias } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { HUBSPOT_WORDS } from './words.ts';

/** The portal's owners come in: they approve, and own companies and deals. HubSpot does not say who reports to whom. */
export const hubspotUser: ObjectMapping = {
  objectType: 'user',
  object: 'owners',
  words: HUBSPOT_WORDS,
  externalId: null,
  whereNotNull: null,
  fields: [
    { ours: 'alias', theirs: 'email', policy: 'theirs', ...userAlias() },
    { ours: 'email', theirs: 'email', policy: 'theirs', ...line(128) },
    { ours: 'name', theirs: 'name', policy: 'theirs', ...line(121) },
    { ours: 'isActive', theirs: 'isActive', policy: 'theirs', ...flag() },
  ],
  complete: (values) => ({ ...values, manager: null }),
};
