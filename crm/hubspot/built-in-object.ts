/** HubSpot's own objects that records of ours have to do with, by id. https://developers.hubspot.com/docs/guides/crm/understanding-the-crm#object-type-ids */
export const BUILT_IN: Readonly<Record<string, string>> = {
  '0-1': 'contacts',
  '0-2': 'companies',
  '0-3': 'deals',
  '0-27': 'tasks',
  '0-46': 'notes',
};
