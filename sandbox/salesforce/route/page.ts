/** The page for reps, and how the org's metadata shows its records. */

import type { FastifyInstance } from 'fastify';
import { registerPageFiles, withPageHeaders } from '../../kit/page-file.ts';
import type { ShippedScreens } from '../screen/shipped-screen.ts';
import { unknownResource } from './exchange.ts';

export function registerPage(app: FastifyInstance, folder: string, screens: () => ShippedScreens): void {
  // An org offers these by its layout, list view and quick action resources, which are not built here.
  app.get('/page/screens.json', async (_request, reply) => withPageHeaders(reply).send(screens()));
  registerPageFiles(app, { folder, notThere: unknownResource });
}
