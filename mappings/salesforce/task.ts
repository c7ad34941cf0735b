import { flag, identifier, line, named, paragraphs, plainDate, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/**
 * A question to an approver, or a note, as a Task of the registration. Only tasks with our id belong to it: those of the org cost nothing.
 *
 * Our id is in a custom field of Activity, which Salesforce shows as one of Task. The record's id stands in `WhatId`, not an external id: `WhatId` leads to many
 * objects. A Task has no history but `ActivityFieldHistory`, which is off at first, minutes late and six fields wide, so nothing here relies on one.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_task.htm
 */
export const salesforceTask: ObjectMapping = {
  objectType: 'task',
  object: 'Task',
  externalId: { ours: 'taskId', theirs: 'Question_Id__c' },
  whereNotNull: 'Question_Id__c',
  fields: [
    { ours: 'taskId', theirs: 'Question_Id__c', policy: 'ours', ...identifier(36) },
    { ours: 'title', theirs: 'Subject', policy: 'ours', ...line(255) },
    { ours: 'text', theirs: 'Description', policy: 'ours', ...paragraphs(32_000) },
    { ours: 'dueDay', theirs: 'ActivityDate', policy: 'ours', ...plainDate() },
    {
      ours: 'priority',
      theirs: 'Priority',
      policy: 'ours',
      needsValues: true,
      ...named({ high: 'High', normal: 'Normal', low: 'Low' }),
    },
    // An org names its own statuses: which of them are closed is in `IsClosed`.
    {
      ours: 'status',
      theirs: 'Status',
      policy: 'newest',
      needsValues: true,
      ...named({ open: 'Not Started', closed: 'Completed' }, 'open'),
    },
    { ours: 'isClosed', theirs: 'IsClosed', policy: 'theirs', ...flag() },
    { ours: 'owner', theirs: 'OwnerId', policy: 'newest', reference: 'user', ...reference() },
    { ours: 'record', theirs: 'WhatId', policy: 'ours', reference: 'registration', leadsTo: 'Deal_Registration__c', ...reference() },
  ],
  complete: (values) => {
    const { isClosed } = values;
    if (values['status'] === undefined || isClosed === undefined || isClosed === null) return values;
    return { ...values, status: isClosed === 'true' ? 'closed' : 'open' };
  },
};
