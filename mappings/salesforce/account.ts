import { country, domain, identifier, line, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/** Customer accounts come in as evidence. `AccountNumber` is a number that sales gives, not one of a company register, so it is not taken. */
export const salesforceAccount: ObjectMapping = {
  objectType: 'account',
  object: 'Account',
  externalId: null,
  whereNotNull: null,
  fields: [
    // Shows that a partner's account lost its id, which the capture of partners cannot see.
    { ours: 'partnerId', theirs: 'Partner_Id__c', policy: 'theirs', ...identifier(36) },
    { ours: 'name', theirs: 'Name', policy: 'theirs', ...line(255) },
    { ours: 'domain', theirs: 'Website', policy: 'theirs', ...domain(255) },
    { ours: 'country', theirs: 'BillingCountry', policy: 'theirs', ...country() },
    { ours: 'postalCode', theirs: 'BillingPostalCode', policy: 'theirs', ...line(20) },
    { ours: 'phone', theirs: 'Phone', policy: 'theirs', ...line(40) },
    { ours: 'parent', theirs: 'ParentId', policy: 'theirs', reference: 'account', ...reference() },
    { ours: 'owner', theirs: 'OwnerId', policy: 'theirs', reference: 'user', ...reference() },
  ],
  complete: (values) => ({ ...values, companyNumber: null }),
};
