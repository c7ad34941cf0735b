import { amount, identifier, line, plainDate, reference } from '../codec.ts';
import type { ConversionMapping } from '../conversion-mapping.ts';
import { DEAL_STAGES } from './deal-stage.ts';
import { HUBSPOT_WORDS } from './words.ts';

/**
 * What we write on deals that are opportunities; `primary` is the association that leads to the primary registration. As in Salesforce, the rest of a deal is the
 * rep's: we say it once, for a deal that we make. Where a deal came from HubSpot calculates itself.
 */
export function hubspotConversion(primary: string): ConversionMapping {
  return {
    mapping: {
      objectType: 'opportunity',
      object: 'deals',
      words: HUBSPOT_WORDS,
      externalId: { ours: 'registrationId', theirs: 'converted_registration_id' },
      whereNotNull: null,
      fields: [
        { ours: 'registrationId', theirs: 'converted_registration_id', policy: 'ours', ...identifier(36) },
        { ours: 'primaryRegistration', theirs: primary, policy: 'ours', reference: 'registration', ...reference() },
        { ours: 'name', theirs: 'dealname', policy: 'ours', createOnly: true, ...line(120) },
        {
          ours: 'account',
          theirs: 'associations.companies.primary',
          policy: 'ours',
          createOnly: true,
          reference: 'account',
          ...reference(),
        },
        { ours: 'pipeline', theirs: 'pipeline', policy: 'ours', createOnly: true, ...line(255), types: ['picklist'] },
        { ours: 'stageName', theirs: 'dealstage', policy: 'ours', createOnly: true, ...line(255), types: ['picklist'] },
        { ours: 'closeDate', theirs: 'closedate', policy: 'ours', createOnly: true, ...plainDate() },
        { ours: 'amount', theirs: 'amount', policy: 'ours', createOnly: true, isOptional: true, ...amount() },
        {
          ours: 'owner',
          theirs: 'hubspot_owner_id',
          policy: 'ours',
          createOnly: true,
          isOptional: true,
          reference: 'user',
          ...reference(),
        },
      ],
    },
    shipped: ['converted_registration_id', primary],
    stages: DEAL_STAGES,
    leadSource: null,
  };
}
