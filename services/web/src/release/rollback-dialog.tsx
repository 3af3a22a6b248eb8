import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import type { Accepted, ReleaseDetail } from '@shipit/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api.js';
import { ReadableText } from '../text/readable-text.js';
import { newIdempotencyKey } from './new-idempotency-key.js';

interface RollbackDialogProps {
  release: ReleaseDetail;
  isOpen: boolean;
  onClose: () => void;
}

/** Asks why before it rolls back: the reason goes into the commit, and the release is held until somebody resumes it. */
export function RollbackDialog({ release, isOpen, onClose }: RollbackDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={<strong>Roll back {release.name}</strong>} size="lg">
      <RollbackForm release={release} onClose={onClose} />
    </Modal>
  );
}

function RollbackForm({ release, onClose }: Omit<RollbackDialogProps, 'isOpen'>) {
  const [{ reason, idempotencyKey }, setRequest] = useState(() => newRequest(''));
  const queries = useQueryClient();
  const rollback = useMutation({
    mutationFn: () => api.rollback(release.release, { reason: reason.trim() }, idempotencyKey),
    onSettled: () => queries.invalidateQueries({ queryKey: ['release', release.release] }),
  });
  if (rollback.data) return <Done accepted={rollback.data} onClose={onClose} />;
  return (
    <form onSubmit={(event) => (event.preventDefault(), rollback.mutate())}>
      <Stack>
        <Text size="sm">
          A commit restores the last good revision. New pushes are held until somebody resumes the release.
        </Text>
        <Textarea
          label="Why?"
          description="People will read it in the history of the repository."
          value={reason}
          onChange={(event) => setRequest(newRequest(event.currentTarget.value))}
          data-autofocus
          required
          rows={3}
          maxLength={500}
        />
        {rollback.error && (
          <Alert color="red" title="It was not rolled back" role="alert">
            <ReadableText>{rollback.error.message}</ReadableText>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="orange" loading={rollback.isPending} disabled={reason.trim() === ''}>
            Roll back
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Sent again after an answer that got lost it is still one rollback; another reason is another request. */
function newRequest(reason: string) {
  return { reason, idempotencyKey: newIdempotencyKey() };
}

function Done({ accepted: { commit, message }, onClose }: { accepted: Accepted; onClose: () => void }) {
  return (
    <Stack>
      <Alert
        color="green"
        title={commit ? `Commit ${commit.slice(0, 7)} is on the branch` : 'It is asked for'}
        role="status"
      >
        <ReadableText>{message}</ReadableText>
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
