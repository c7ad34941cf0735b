/**
 * Channels for change events. The shipped project has one of its own, which is enriched with our ids; where the org lacks it, and for objects that it does not
 * have, each object's own channel is taken.
 * https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_subscribe_channels.htm
 */

export const SHIPPED_CHANNEL = '/data/Dealkeeper__chn';
/** The objects of its members (`force-app/main/default/platformEventChannelMembers`). */
export const SHIPPED_OBJECTS: readonly string[] = ['Account', 'Deal_Registration__c', 'Opportunity'];

/** `/data/AccountChangeEvent`, `/data/Deal_Registration__ChangeEvent`. */
export function channelOfObject(object: string): string {
  return `/data/${object.endsWith('__c') ? object.replace(/__c$/, '__ChangeEvent') : `${object}ChangeEvent`}`;
}
