export { registration } from './registration.ts';
export { conflictCase } from './conflict-case.ts';
export { syncObject } from './sync-object.ts';
export { changeEvents } from './change-events.ts';
export { notifyChannel } from './notify-channel.ts';
export { backfill } from './backfill.ts';
