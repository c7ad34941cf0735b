import { flag, line, reference, userAlias } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/** The org's users come in: they approve, own accounts and opportunities, and report to each other. */
export const salesforceUser: ObjectMapping = {
  objectType: 'user',
  object: 'User',
  externalId: null,
  whereNotNull: null,
  fields: [
    { ours: 'alias', theirs: 'Username', policy: 'theirs', ...userAlias() },
    { ours: 'email', theirs: 'Email', policy: 'theirs', ...line(128) },
    { ours: 'name', theirs: 'Name', policy: 'theirs', ...line(121) },
    { ours: 'isActive', theirs: 'IsActive', policy: 'theirs', ...flag() },
    { ours: 'manager', theirs: 'ManagerId', policy: 'theirs', reference: 'user', ...reference() },
  ],
};
