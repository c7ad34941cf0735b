import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came, for whoever checks its signature: `path` with its query, as it was sent; `body` the bytes. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** A HubSpot portal whose people see the card. */
export interface CardConnection {
  /** The only portal whose people are heard; null where the app is installed in one alone, so that its signature says which. */
  readonly portalId: string | null;
  /** Whether records of this type may be registrations. Two records of different types may have the same id. */
  readonly isRegistration: (objectTypeId: string) => boolean;
  /** Why the request is not HubSpot's; null where its signature is. */
  readonly refusalOf: (request: SignedRequest) => string | null;
}
