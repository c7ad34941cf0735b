import { BatchApi as AssociationBatchApi } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import { DefinitionsApi } from '@hubspot/api-client/lib/codegen/crm/associations/v4/schema/index.js';
import {
  BasicApi,
  BatchApi,
  createConfiguration,
  SearchApi,
  ServerConfiguration,
  type Configuration,
} from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { OwnersApi } from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import { PipelinesApi, PipelineStagesApi } from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import { CoreApi as PropertyApi, GroupsApi } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { CoreApi as SchemaApi } from '@hubspot/api-client/lib/codegen/crm/schemas/index.js';
import { addressIn, type HubspotApiVersion } from './api-version.ts';
import type { BoundedHttp } from './bounded-http.ts';

export interface ApiAddress {
  /** Such as `https://api.hubapi.com`, without a slash at its end. */
  readonly baseUrl: string;
  readonly version: HubspotApiVersion;
  readonly accessToken: string;
}

/**
 * The APIs of HubSpot's client as far as we call them, for one call over `http`.
 *
 * They are taken without the client's `Client`, whose limiter and retries belong to the process: those of the connection that was made last hold for all.
 */
export function apiClient({ baseUrl, version, accessToken }: ApiAddress, http: BoundedHttp) {
  const configure = (body?: object): Configuration =>
    createConfiguration({
      baseServer: new ServerConfiguration(baseUrl, {}),
      httpApi: http.library(),
      authMethods: { oauth2: { accessToken } },
      promiseMiddleware: [
        {
          pre: async (request) => {
            request.setUrl(addressIn(version, request.getUrl()));
            request.setHeaderParam('User-Agent', 'dealkeeper');
            if (body !== undefined) request.setBody(JSON.stringify(body));
            return request;
          },
          post: async (response) => response,
        },
      ],
    });
  const configuration = configure();
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json', 'user-agent': 'dealkeeper' };
  return {
    /** https://developers.hubspot.com/docs/api-reference/latest/account/account-information/get-account-details */
    accountDetails: () => http.exchange({ method: 'GET', url: addressIn(version, `${baseUrl}/account-info/v3/details`), headers }),
    /**
     * What HubSpot knows of a fixed token, which is told in the body and has no version.
     * https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview ("Get access token information")
     */
    tokenInfo: () =>
      http.exchange({
        method: 'POST',
        url: `${baseUrl}/oauth/v2/private-apps/get/access-token-info`,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ tokenKey: accessToken }),
      }),
    records: () => new BasicApi(configuration),
    batches: () => new BatchApi(configuration),
    search: () => new SearchApi(configuration),
    associations: () => new AssociationBatchApi(forOther(configuration)),
    labels: () => new DefinitionsApi(forOther(configuration)),
    properties: () => new PropertyApi(forOther(configuration)),
    groups: () => new GroupsApi(forOther(configuration)),
    schemas: () => new SchemaApi(forOther(configuration)),
    owners: () => new OwnersApi(forOther(configuration)),
    /** `body` is sent in place of what the client makes of its own models: those know nothing of ids that the caller gives. */
    pipelines: (body?: object) => new PipelinesApi(forOther(configure(body))),
    stages: (body?: object) => new PipelineStagesApi(forOther(configure(body))),
  };
}

export type ApiClient = ReturnType<typeof apiClient>;

/** Each API of the client declares the same configuration anew, as classes with private members, which no other's fit. */
function forOther(configuration: Configuration): never {
  return configuration as never;
}
