import { generate } from 'selfsigned';

export interface Certificates {
  ca: string;
  key: string;
  cert: string;
}

const TEN_YEARS = 10 * 365 * 24 * 60 * 60 * 1000;

/** A certificate authority of its own (its key is thrown away) and a certificate for 127.0.0.1 and localhost. */
export async function createCertificates(): Promise<Certificates> {
  const dates = { notBeforeDate: new Date(Date.now() - 60_000), notAfterDate: new Date(Date.now() + TEN_YEARS) };
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
    ...dates,
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'kubernetes.default.svc' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { ca: authority.cert, key: server.private, cert: server.cert };
}
