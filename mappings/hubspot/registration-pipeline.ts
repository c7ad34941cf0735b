import { REGISTRATION_STATUSES, type RegistrationStatus } from '../../program/vocabulary.ts';
import { named, oneOf } from '../codec.ts';
import type { FieldMapping } from '../field-mapping.ts';

/** The id of the pipeline *Deal registration*, in which a registration is at the stage of its status. */
export const REGISTRATION_PIPELINE = 'deal_registration';

const STAGES = Object.fromEntries(REGISTRATION_STATUSES.map((status) => [status, `registration_${status}`])) as Record<
  RegistrationStatus,
  string
>;

/** Pipeline and stage of a registration, held in these properties. A rep who drags a record to another stage sees it go back: a stage is no command. */
export function stageFields(properties: { readonly pipeline: string; readonly stage: string }): readonly FieldMapping[] {
  return [
    { ours: 'pipeline', theirs: properties.pipeline, policy: 'ours', constant: REGISTRATION_PIPELINE, ...oneOf([REGISTRATION_PIPELINE]) },
    { ours: 'stage', theirs: properties.stage, policy: 'ours', ...named(STAGES) },
  ];
}
