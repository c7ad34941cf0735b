import { flag, section, word } from './scalar.ts';

/**
 * How an approved registration comes to its opportunity. `onApproval` `none`: a rep or a command links it. `link`: the one open opportunity of the direct team that
 * certainly stands at the customer. `link_or_create`: the same, and where there is none a new one is made in the CRM. Several are never chosen from.
 *
 * `primary`: which of the registrations that are linked to one opportunity is its primary. `first_approved`: the first that is approved and linked. `by_command`:
 * only the one that somebody names.
 *
 * `resource`: a stale opportunity of the direct team, which did not stand against the claim, is linked as well and becomes the partner's.
 */
export const conversion = section({
  onApproval: word(['none', 'link', 'link_or_create']).default('none'),
  primary: word(['first_approved', 'by_command']).default('first_approved'),
  resource: flag.default(false),
});
