import { identifier, line, named, paragraphs, plainDate, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { hubspotNote } from './note.ts';
import { HUBSPOT_WORDS } from './words.ts';

/** A question to an approver, as a task of the registration. Only tasks with our id belong to it: those of the portal cost nothing. */
export const hubspotTask: ObjectMapping = {
  objectType: 'task',
  object: 'tasks',
  words: HUBSPOT_WORDS,
  externalId: { ours: 'taskId', theirs: 'question_id' },
  whereNotNull: 'question_id',
  // HubSpot's people read the timeline of a record rather than its properties.
  notes: hubspotNote('deal_registration'),
  fields: [
    { ours: 'taskId', theirs: 'question_id', policy: 'ours', ...identifier(36) },
    { ours: 'title', theirs: 'hs_task_subject', policy: 'ours', ...line(255) },
    { ours: 'text', theirs: 'hs_task_body', policy: 'ours', ...paragraphs(32_000) },
    { ours: 'dueDay', theirs: 'hs_timestamp', policy: 'ours', ...plainDate() },
    {
      ours: 'priority',
      theirs: 'hs_task_priority',
      policy: 'ours',
      needsValues: true,
      ...named({ high: 'HIGH', normal: 'MEDIUM', low: 'LOW' }),
    },
    // In progress, waiting and deferred are open, too.
    {
      ours: 'status',
      theirs: 'hs_task_status',
      policy: 'newest',
      needsValues: true,
      ...named({ open: 'NOT_STARTED', closed: 'COMPLETED' }, 'open'),
    },
    { ours: 'owner', theirs: 'hubspot_owner_id', policy: 'newest', reference: 'user', ...reference() },
    {
      ours: 'record',
      theirs: 'associations.deal_registration',
      policy: 'ours',
      reference: 'registration',
      leadsTo: 'deal_registration',
      ...reference(),
    },
  ],
};
