import { REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { domain, flag, identifier, line, oneOf, paragraphs, plainDate, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { REGISTRATION_FIELDS } from './registration-field.ts';

/**
 * Registrations that are leads. A lead is one when it names a partner, so that the other leads of the org cost nothing.
 *
 * What a lead was converted into is the registration's opportunity and its customer's account; until then a lead says nothing about an opportunity. A converted one
 * is closed to nearly everybody (CANNOT_UPDATE_CONVERTED_LEAD), so it is not written any more.
 * https://help.salesforce.com/s/articleView?id=sf.lead_conversion_mapping.htm
 */
export const salesforceRegistrationOnLead: ObjectMapping = {
  objectType: 'registration',
  object: 'Lead',
  externalId: { ours: 'registrationId', theirs: 'Registration_Id__c' },
  whereNotNull: 'Partner__c',
  fields: [
    ...REGISTRATION_FIELDS,
    { ours: 'status', theirs: 'Registration_Status__c', policy: 'ours', ...oneOf(REGISTRATION_STATUSES) },
    { ours: 'customerAccount', theirs: 'Customer__c', policy: 'newest', reference: 'account', ...reference() },
    { ours: 'customerName', theirs: 'Company', policy: 'ours', ...line(255) },
    { ours: 'customerDomain', theirs: 'Website', policy: 'ours', ...domain(255) },
    { ours: 'expectedCloseDate', theirs: 'Expected_Close_Date__c', policy: 'newest', ...plainDate() },
    { ours: 'description', theirs: 'Description', policy: 'ours', ...paragraphs(32_000) },
    // A lead is a person; afterwards the rep knows better who that is.
    { ours: 'contactName', theirs: 'LastName', policy: 'ours', createOnly: true, ...line(80) },
    { ours: 'contactEmail', theirs: 'Email', policy: 'ours', createOnly: true, isOptional: true, ...identifier(80) },
    { ours: 'opportunity', theirs: 'ConvertedOpportunityId', policy: 'theirs', reference: 'opportunity', ...reference() },
    { ours: 'convertedAccount', theirs: 'ConvertedAccountId', policy: 'theirs', reference: 'account', ...reference() },
    { ours: 'isConverted', theirs: 'IsConverted', policy: 'theirs', ...flag() },
  ],
  complete: withConversion,
  isClosedToUs: ({ isConverted }) => isConverted === 'true',
};

/** An unconverted lead leaves the opportunity unknown, which is something else than none: it may have been linked on our side. */
function withConversion({ opportunity, convertedAccount, isConverted, ...values }: CanonicalRecord): CanonicalRecord {
  if (isConverted === undefined) return values;
  if (isConverted !== 'true') return { ...values, isConverted };
  return {
    ...values,
    isConverted,
    // Converted without an opportunity: there is none.
    ...(opportunity === undefined ? {} : { opportunity }),
    ...(convertedAccount == null ? {} : { customerAccount: convertedAccount }),
  };
}
