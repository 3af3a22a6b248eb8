import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findMoto } from '@shipit/testing';
import { describe, expect, it } from 'vitest';
import { startEcr } from '../src/ecr/start-ecr.js';
import { startSqs } from '../src/sqs/start-sqs.js';

const moto = await findMoto();

const script = `
import boto3, hashlib, json, sys
from botocore.exceptions import ClientError
account = dict(region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')
sqs = boto3.client('sqs', endpoint_url=sys.argv[1], **account)
ecr = boto3.client('ecr', endpoint_url=sys.argv[2], **account)
out = {}
dead = sqs.create_queue(QueueName='dead')['QueueUrl']
arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
policy = json.dumps({'deadLetterTargetArn': arn, 'maxReceiveCount': '5'})
url = sqs.create_queue(QueueName='pushes', Attributes={'RedrivePolicy': policy})['QueueUrl']
sent = sqs.send_message(QueueUrl=url, MessageBody='h\\u00e9', MessageAttributes={'a': {'DataType': 'Binary', 'BinaryValue': b'\\x00\\x01'}})
out['md5'] = sent['MD5OfMessageBody'] == hashlib.md5('h\\u00e9'.encode()).hexdigest()
got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, AttributeNames=['All'], MessageAttributeNames=['All'])['Messages'][0]
out['body'] = got['Body']
out['binary'] = list(got['MessageAttributes']['a']['BinaryValue'])
out['count'] = got['Attributes']['ApproximateReceiveCount']
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=got['ReceiptHandle'], VisibilityTimeout=60)
sqs.delete_message(QueueUrl=url, ReceiptHandle=got['ReceiptHandle'])
out['empty'] = 'Messages' in sqs.receive_message(QueueUrl=url)
try:
    sqs.get_queue_url(QueueName='absent')
except sqs.exceptions.QueueDoesNotExist as error:
    out['absent'] = error.response['Error']['Code']
ecr.create_repository(repositoryName='team/app')
manifest = json.dumps({'schemaVersion': 2, 'config': {'size': 1}, 'layers': []})
put = ecr.put_image(repositoryName='team/app', imageTag='v1', imageManifest=manifest)['image']['imageId']
detail = ecr.describe_images(repositoryName='team/app', imageIds=[{'imageTag': 'v1'}])['imageDetails'][0]
out['digest'] = put['imageDigest'] == detail['imageDigest'] == 'sha256:' + hashlib.sha256(manifest.encode()).hexdigest()
out['pushed'] = detail['imagePushedAt'].year > 2000
out['pages'] = sum(len(page['imageIds']) for page in ecr.get_paginator('list_images').paginate(repositoryName='team/app'))
try:
    ecr.describe_images(repositoryName='team/app', imageIds=[{'imageTag': 'absent'}])
except ClientError as error:
    out['image'] = error.response['Error']['Code']
print(json.dumps(out))
`;

describe.skipIf(!moto.isThere)(moto.isThere ? 'unmodified boto3' : moto.reason, () => {
  it('works with the embedded parts', async () => {
    if (!moto.isThere) return;
    const sqs = await startSqs();
    const ecr = await startEcr({ account: '123456789012', region: 'us-east-1' });
    const { stdout } = await promisify(execFile)(moto.python, ['-c', script, sqs.url, ecr.url], { timeout: 60_000 });
    await Promise.all([sqs.close(), ecr.close()]);

    expect(JSON.parse(stdout)).toEqual({
      md5: true,
      body: 'hé',
      binary: [0, 1],
      count: '1',
      empty: false,
      absent: 'AWS.SimpleQueueService.NonExistentQueue',
      digest: true,
      pushed: true,
      pages: 1,
      image: 'ImageNotFoundException',
    });
  });
});
