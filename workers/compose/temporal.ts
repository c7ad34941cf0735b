import { readFileSync } from 'node:fs';
import { Client, Connection, type TLSConfig } from '@temporalio/client';
import type { Configuration } from '../config.ts';

type TemporalConfiguration = Configuration['temporal'];

/** The same settings serve the client's connection and the worker's. Certificates are read here, once. */
export function temporalConnectionOptions(temporal: TemporalConfiguration): { address: string; apiKey?: string; tls: TLSConfig | boolean } {
  const { address, apiKey, tls, tlsServerName, tlsServerCaPath, tlsClientCertificatePath, tlsClientKeyPath } = temporal;
  const clientCertPair =
    tlsClientCertificatePath === null || tlsClientKeyPath === null
      ? {}
      : { clientCertPair: { crt: readFileSync(tlsClientCertificatePath), key: readFileSync(tlsClientKeyPath) } };
  return {
    address,
    ...(apiKey === null ? {} : { apiKey }),
    tls: tls
      ? {
          ...clientCertPair,
          ...(tlsServerName === null ? {} : { serverNameOverride: tlsServerName }),
          ...(tlsServerCaPath === null ? {} : { serverRootCACertificate: readFileSync(tlsServerCaPath) }),
        }
      : false,
  };
}

/** A client with its own connection. Nothing is sent before the first call, so it may be made while the server is away. */
export function openTemporalClient(temporal: TemporalConfiguration): { readonly client: Client; readonly close: () => Promise<void> } {
  const connection = Connection.lazy(temporalConnectionOptions(temporal));
  return { client: new Client({ connection, namespace: temporal.namespace }), close: () => connection.close() };
}
