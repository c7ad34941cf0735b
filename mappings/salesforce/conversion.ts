import { amount, identifier, line, plainDate, reference } from '../codec.ts';
import type { ConversionMapping } from '../conversion-mapping.ts';
import { OPPORTUNITY_STAGES } from './opportunity-stage.ts';

/**
 * What we write on opportunities. Their forecast (amount, stage, date, owner) is the rep's: we say it once, for an opportunity that we make, and never again.
 * Of one that is there we write which registration is its primary, and nothing else.
 */
export const salesforceConversion: ConversionMapping = {
  mapping: {
    objectType: 'opportunity',
    object: 'Opportunity',
    externalId: { ours: 'registrationId', theirs: 'Registration_Id__c' },
    whereNotNull: null,
    fields: [
      { ours: 'registrationId', theirs: 'Registration_Id__c', policy: 'ours', ...identifier(36) },
      { ours: 'primaryRegistration', theirs: 'Primary_Registration__c', policy: 'ours', reference: 'registration', ...reference() },
      { ours: 'name', theirs: 'Name', policy: 'ours', createOnly: true, ...line(120) },
      { ours: 'account', theirs: 'AccountId', policy: 'ours', createOnly: true, reference: 'account', ...reference() },
      { ours: 'stageName', theirs: 'StageName', policy: 'ours', createOnly: true, ...line(255), types: ['picklist'] },
      { ours: 'closeDate', theirs: 'CloseDate', policy: 'ours', createOnly: true, ...plainDate() },
      { ours: 'amount', theirs: 'Amount', policy: 'ours', createOnly: true, isOptional: true, ...amount() },
      { ours: 'owner', theirs: 'OwnerId', policy: 'ours', createOnly: true, isOptional: true, reference: 'user', ...reference() },
      { ours: 'leadSource', theirs: 'LeadSource', policy: 'ours', createOnly: true, isOptional: true, ...line(255), types: ['picklist'] },
    ],
  },
  shipped: ['Registration_Id__c', 'Primary_Registration__c'],
  stages: OPPORTUNITY_STAGES,
  leadSource: 'Partner Referral',
};
