import { AwsError } from '../aws-json/aws-error.js';

const legacy = 'AWS.SimpleQueueService.';

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
    queryCode: `${legacy}NonExistentQueue`,
  });
}

export function queueNameExists(attribute: string): AwsError {
  const message = `A queue already exists with the same name and a different value for attribute ${attribute}`;
  return new AwsError('QueueNameExists', message, { queryCode: 'QueueAlreadyExists' });
}

export function receiptHandleIsInvalid(handle: string): AwsError {
  return new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle.slice(0, 200)}" is not a valid receipt handle.`,
  );
}

export function messageNotInFlight(): AwsError {
  return new AwsError('MessageNotInflight', 'The message referred to is not in flight.', {
    queryCode: `${legacy}MessageNotInflight`,
  });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`, {
    queryCode: 'MissingParameter',
  });
}

export function invalidAttributeName(name: string): AwsError {
  return new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

export function invalidAttributeValue(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

export function invalidMessageContents(): AwsError {
  return new AwsError('InvalidMessageContents', 'Invalid characters were found in the message body.');
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

/** Errors of a whole batch request, by the name that AWS gives them. */
export function batchError(
  type:
    | 'EmptyBatchRequest'
    | 'TooManyEntriesInBatchRequest'
    | 'BatchEntryIdsNotDistinct'
    | 'InvalidBatchEntryId'
    | 'BatchRequestTooLong',
): AwsError {
  const messages = {
    EmptyBatchRequest: 'There should be at least one entry in the request.',
    TooManyEntriesInBatchRequest: 'Maximum number of entries per request are 10.',
    BatchEntryIdsNotDistinct: 'Two or more batch entries have the same id.',
    InvalidBatchEntryId:
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    BatchRequestTooLong: 'Batch requests cannot be longer than 1048576 bytes.',
  };
  return new AwsError(type, messages[type], { queryCode: `${legacy}${type}` });
}
