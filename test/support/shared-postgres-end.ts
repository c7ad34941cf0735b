export { stopSharedServer as default } from './shared-postgres.ts';
