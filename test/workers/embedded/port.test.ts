import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { EmbeddedFailure } from '../../../workers/embedded/embedded-failure.ts';
import { findFreePort, isPortFree, requireFreePorts, waitForPort } from '../../../workers/embedded/port.ts';

describe('requireFreePorts', () => {
  const servers: Server[] = [];
  async function occupy(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
  afterAll(() => servers.forEach((server) => server.close()));

  it('names every port in the way with its variable, all at once, and who to ask', async () => {
    const [a, b, free] = [await occupy(), await occupy(), await findFreePort()];
    const failure: unknown = await requireFreePorts([
      { variable: 'PORT', purpose: 'the API', port: a },
      { variable: 'POSTGRES_PORT', purpose: 'PostgreSQL', port: b },
      { variable: 'TEMPORAL_PORT', purpose: 'the Temporal server', port: free },
    ]).catch((error: unknown) => error);
    if (!(failure instanceof EmbeddedFailure)) throw new Error('expected an EmbeddedFailure');
    expect(failure.message.split('\n')).toEqual([
      `Port ${a} for the API is in use by another program.`,
      `Port ${b} for PostgreSQL is in use by another program.`,
    ]);
    expect(failure.remedy).toContain('set PORT, POSTGRES_PORT to free ports');
    expect(failure.remedy).toContain(`lsof -i :${a}`);
    expect(failure.remedy).not.toContain('TEMPORAL_PORT');
  });

  it('refuses one port for two parts', async () => {
    const port = await findFreePort();
    const wanted = [
      { variable: 'PORT', purpose: 'the API', port },
      { variable: 'METRICS_PORT', purpose: 'the metrics', port },
    ];
    await expect(requireFreePorts(wanted)).rejects.toThrow(`Port ${port} is given twice: PORT (the API) and METRICS_PORT (the metrics).`);
  });

  it('says nothing where all are free', async () => {
    await expect(requireFreePorts([{ variable: 'PORT', purpose: 'the API', port: await findFreePort() }])).resolves.toBeUndefined();
  });

  it('is answered by a port that accepts, and gives up when the program has ended', async () => {
    const port = await occupy();
    expect(await isPortFree(port)).toBe(false);
    expect(await waitForPort(port, 5000, () => false)).toBe(true);
    expect(await waitForPort(await findFreePort(), 5000, () => true)).toBe(false);
  });
});
