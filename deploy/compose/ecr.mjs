// The little of ECR's and SQS's JSON protocol that the scripts beside need; the parts take any signature.

export async function ecrCall(
  action,
  body,
  { endpoint = process.env.AWS_ENDPOINT_URL_ECR ?? 'http://ecr:5000', ignore } = {},
) {
  return call(
    { endpoint, service: 'ecr', target: `AmazonEC2ContainerRegistry_V20150921.${action}`, version: '1.1', ignore },
    body,
  );
}

export async function sqsCall(action, body, { endpoint = process.env.AWS_ENDPOINT_URL_SQS ?? 'http://sqs:9324' } = {}) {
  return call({ endpoint, service: 'sqs', target: `AmazonSQS.${action}`, version: '1.0' }, body);
}

async function call({ endpoint, service, target, version, ignore }, body) {
  const credential = `local/${new Date().toISOString().slice(0, 10).replaceAll('-', '')}/us-east-1/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok && !(ignore && text.includes(ignore)))
    throw new Error(`${target}: HTTP ${response.status} ${text.slice(0, 500)}`);
  return text === '' ? {} : JSON.parse(text);
}
