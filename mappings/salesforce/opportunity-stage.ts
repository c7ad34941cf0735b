import type { StageSource } from '../field-mapping.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunitystage.htm */
export const OPPORTUNITY_STAGES: StageSource = { object: 'OpportunityStage', name: 'MasterLabel', isClosed: 'IsClosed' };
