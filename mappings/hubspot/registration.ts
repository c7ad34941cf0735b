import { reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { REGISTRATION_FIELDS } from './registration-field.ts';
import { stageFields } from './registration-pipeline.ts';
import { HUBSPOT_WORDS } from './words.ts';

/**
 * Registrations as the custom object `deal_registration`, for portals that may have one. Records without a registration id belong to it too: they are claims that a rep
 * entered in the CRM.
 */
export const hubspotRegistration: ObjectMapping = {
  objectType: 'registration',
  object: 'deal_registration',
  words: HUBSPOT_WORDS,
  externalId: { ours: 'registrationId', theirs: 'registration_id' },
  whereNotNull: null,
  fields: [
    ...REGISTRATION_FIELDS,
    ...stageFields({ pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' }),
    { ours: 'opportunity', theirs: 'associations.deals', policy: 'theirs', isCommandable: true, reference: 'opportunity', ...reference() },
  ],
};
