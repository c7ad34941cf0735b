import { identifier, instant, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { markup } from '../markup.ts';
import { HUBSPOT_WORDS } from './words.ts';

/** HubSpot's bound is 65,536, and a character may take five of them. https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide */
const MOST_CHARS = 10_000;

/**
 * What is left on a registration for people to read, as a note in its timeline. HubSpot has no property that would tell one note from another, and its search is some
 * moments behind, so the note has a unique property of ours: by it a call whose answer was lost finds what it made.
 *
 * It hangs on the registration alone. On the opportunity or a company it would count as their last activity (`notes_last_updated`), which rules take for the direct
 * team's work.
 */
export function hubspotNote(registrationObject: string): ObjectMapping {
  return {
    objectType: 'task',
    object: 'notes',
    words: HUBSPOT_WORDS,
    externalId: { ours: 'taskId', theirs: 'note_id' },
    whereNotNull: null,
    fields: [
      { ours: 'taskId', theirs: 'note_id', policy: 'ours', ...identifier(36) },
      { ours: 'text', theirs: 'hs_note_body', policy: 'ours', ...markup(MOST_CHARS) },
      { ours: 'at', theirs: 'hs_timestamp', policy: 'ours', ...instant() },
      { ours: 'owner', theirs: 'hubspot_owner_id', policy: 'ours', reference: 'user', ...reference() },
      {
        ours: 'record',
        theirs: `associations.${registrationObject}`,
        policy: 'ours',
        reference: 'registration',
        leadsTo: registrationObject,
        ...reference(),
      },
    ],
  };
}
