import type { StageSource } from '../field-mapping.ts';
import { REGISTRATION_PIPELINE } from './registration-pipeline.ts';

/** The stages of deals, as the adapter shows them. */
export const DEAL_STAGES: StageSource = {
  object: 'deal_stages',
  name: 'id',
  isClosed: 'isClosed',
  pipeline: { id: 'pipeline', place: 'place', except: REGISTRATION_PIPELINE },
};
