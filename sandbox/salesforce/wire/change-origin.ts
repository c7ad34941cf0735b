/** What change events call their origin: the API of the write and the client that named itself. Source: Change Data Capture Developer Guide, "ChangeEventHeader Fields", changeOrigin. */

export type ApiName = 'rest' | 'bulkapi' | 'soap';

/** `com/salesforce/api/rest/66.0;client=astro`; `version` is `66.0` or `v66.0`, `client` null where none is named. */
export function changeOrigin(api: ApiName, version: string, client: string | null): string {
  return `com/salesforce/api/${api}/${version.replace(/^v/, '')}${client === null ? '' : `;client=${client}`}`;
}
