/** Every route of the API that is built, in every version. */

import type { FastifyInstance } from 'fastify';
import { API_VERSIONS, associationSchemaPrefixes, crmPrefix, schemaPrefix, webhookPrefixes } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import { registerAccountRoutes } from './account.ts';
import { registerAssociationBatchRoutes } from './association-batch.ts';
import { registerLabelRoutes } from './association-label.ts';
import { registerAssociationLimitRoutes } from './association-limit.ts';
import { registerAssociationRoutes } from './association.ts';
import { registerAuthorizeRoute } from './authorize.ts';
import { registerBatchRoutes } from './batch.ts';
import { registerMergeRoutes } from './merge.ts';
import { registerOAuthRoutes } from './oauth.ts';
import { registerObjectRoutes } from './object.ts';
import { registerOwnerRoutes } from './owner.ts';
import { registerPipelineRoutes } from './pipeline.ts';
import { registerPropertyRoutes } from './property.ts';
import { registerSchemaChangeRoutes } from './schema-change.ts';
import { registerSchemaRoutes } from './schema.ts';
import { registerSearchRoute } from './search.ts';
import { registerStageRoutes } from './stage.ts';
import { registerWebhookRoutes } from './webhook.ts';
import type { WebhookOptions } from './webhook.ts';

/** The versions stand side by side, over the same records. */
export function registerRoutes(app: FastifyInstance, portal: Portal, webhooks: WebhookOptions): void {
  registerAuthorizeRoute(app, portal);
  registerOAuthRoutes(app, portal);
  registerAccountRoutes(app, portal);
  for (const version of API_VERSIONS) {
    const objects = crmPrefix('objects', version);
    registerSearchRoute(app, portal, objects);
    registerBatchRoutes(app, portal, objects, version);
    registerMergeRoutes(app, portal, objects);
    registerObjectRoutes(app, portal, objects, version);
    registerOwnerRoutes(app, portal, crmPrefix('owners', version));
    registerPipelineRoutes(app, portal, crmPrefix('pipelines', version), version);
    registerStageRoutes(app, portal, crmPrefix('pipelines', version), version);
    registerPropertyRoutes(app, portal, crmPrefix('properties', version), version);
    registerSchemaRoutes(app, portal, schemaPrefix(version));
    registerSchemaChangeRoutes(app, portal, schemaPrefix(version));
    registerAssociationRoutes(app, portal, version);
    registerAssociationBatchRoutes(app, portal, version);
    for (const root of associationSchemaPrefixes(version)) {
      registerLabelRoutes(app, portal, root);
      registerAssociationLimitRoutes(app, portal, root, version);
    }
    for (const root of webhookPrefixes(version)) registerWebhookRoutes(app, portal, root, version, webhooks);
  }
}
