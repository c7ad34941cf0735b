import type { CrmWords } from '../crm-words.ts';

const PROVISION = 'Run `provision --connection hubspot`: it makes what the portal lacks.';
/** Custom objects come with Enterprise accounts alone. https://knowledge.hubspot.com/object-settings/create-custom-objects */
const OR_DEALS =
  'An account that may not have custom objects keeps its registrations as deals: set HUBSPOT_REGISTRATION_OBJECT=deals and provision it.';

/** Of the objects that mappings name, the one that HubSpot does not bring. */
const isCustom = (object: string): boolean => object === 'deal_registration';

export const HUBSPOT_WORDS: CrmWords = {
  deploy: `${PROVISION} What has the name and is something else is left alone: archive it, or give it another name, first.`,
  grant: 'Give the app of the connection the scopes that `connections check` names, and install it again.',
  absent: (object) =>
    isCustom(object) ? `${PROVISION} ${OR_DEALS}` : `Give the app of the connection the scopes that read ${object}, and install it again.`,
  denied: (object) => {
    const right = 'Give the connection the right that is named: the scope to its app, which is then installed, or let in by OAuth, again.';
    return isCustom(object) ? `${right} ${OR_DEALS}` : right;
  },
  allowRecords: () => 'Give the app of the connection the scope to write records of the object, and install it again.',
  allowLookup: (object) => `${PROVISION} Or let the object be associated with ${object}.`,
  addValues: () => `Add the options to the property in the portal. ${PROVISION}`,
};
