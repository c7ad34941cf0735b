import { line, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { REGISTRATION_FIELDS } from './registration-field.ts';
import { REGISTRATION_PIPELINE, stageFields } from './registration-pipeline.ts';
import { HUBSPOT_WORDS } from './words.ts';

/**
 * Registrations as deals in the pipeline *Deal registration*, for portals without custom objects. The opportunity is another deal, in a pipeline of the sales team;
 * name and amount of the deal are the rep's once it is made.
 *
 * What has our id is a registration wherever it stands: one that somebody moves to another pipeline is seen there, and goes back with a note, as every edit of what is
 * ours. To take it for deleted would withdraw a claim because a card was dragged.
 */
export const hubspotRegistrationOnDeal: ObjectMapping = {
  objectType: 'registration',
  object: 'deals',
  words: HUBSPOT_WORDS,
  externalId: { ours: 'registrationId', theirs: 'registration_id' },
  whereNotNull: null,
  where: [
    {
      anyOf: [
        { field: 'pipeline', is: REGISTRATION_PIPELINE },
        { field: 'registration_id', isEmpty: false },
      ],
    },
  ],
  fields: [
    ...REGISTRATION_FIELDS,
    ...stageFields({ pipeline: 'pipeline', stage: 'dealstage' }),
    { ours: 'dealName', theirs: 'dealname', policy: 'ours', createOnly: true, ...line(120) },
    {
      ours: 'opportunity',
      theirs: 'associations.deals.opportunity',
      policy: 'theirs',
      isCommandable: true,
      reference: 'opportunity',
      ...reference(),
    },
  ],
};
