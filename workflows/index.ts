export { registration } from './registration.ts';
export { conflictCase } from './conflict-case.ts';
export { syncObject } from './sync-object.ts';
export { notifyChannel } from './notify-channel.ts';
export { backfill } from './backfill.ts';
