/** What an adapter tells about itself; a pino logger fits. Neither values of records nor tokens are ever passed. */
export interface CrmLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
