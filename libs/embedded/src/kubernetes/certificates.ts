import { generate } from 'selfsigned';

export interface Certificates {
  ca: string;
  key: string;
  cert: string;
}

export interface CertificateOptions {
  /** What the server's certificate is for. Default: localhost and 127.0.0.1. */
  host?: string;
  /** When the server's certificate begins and ends to be valid. Default: now, and in ten years. */
  valid?: readonly [from: Date, to: Date];
}

const TEN_YEARS = 10 * 365 * 24 * 60 * 60 * 1000;

/** A certificate authority of its own (its key is thrown away) and a certificate of a server. */
export async function createCertificates({ host, valid }: CertificateOptions = {}): Promise<Certificates> {
  const dates = { notBeforeDate: new Date(Date.now() - 60_000), notAfterDate: new Date(Date.now() + TEN_YEARS) };
  const [from, to] = valid ?? [dates.notBeforeDate, dates.notAfterDate];
  const authority = await generate([{ name: 'commonName', value: 'embedded-kubernetes-ca' }], {
    ...dates,
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...{ notBeforeDate: from, notAfterDate: to },
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames:
          host === undefined
            ? [
                { type: 2, value: 'localhost' },
                { type: 2, value: 'kubernetes.default.svc' },
                { type: 7, ip: '127.0.0.1' },
              ]
            : [{ type: 2, value: host }],
      },
    ],
  });
  return { ca: authority.cert, key: server.private, cert: server.cert };
}
