import type { RegistrationObject } from '../../mappings/hubspot/registration-object.ts';
import { HUBSPOT_SANDBOX_TOKEN } from './embedded-plan.ts';
import type { Progress } from './progress.ts';

const REQUEST_TIMEOUT_MS = 90_000;

/** Makes in the HubSpot sandbox on `port` what the model needs, as in a portal. It has the custom object from its start, so that this model needs nothing. */
export async function provisionSandbox(port: number, registrationObject: RegistrationObject, progress: Progress): Promise<void> {
  if (registrationObject === 'deal_registration') return;
  await progress.during('provisioning the HubSpot sandbox', async () => {
    // Loaded only here: the client is slow to load, and most runs do without it.
    const [{ provisionPortal }, { shippedPortal }] = await Promise.all([
      import('../../crm/hubspot/provision-portal.ts'),
      import('../../crm/hubspot/shipped-portal.ts'),
    ]);
    const portal = { connection: 'hubspot', baseUrl: `http://127.0.0.1:${port}`, accessToken: HUBSPOT_SANDBOX_TOKEN } as const;
    await provisionPortal({ ...portal, apiVersion: '2026-03', requestTimeoutMs: REQUEST_TIMEOUT_MS }, shippedPortal(registrationObject));
  });
}
