import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import type { ReleaseDetail } from '@shipit/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api.js';

/** Asks why before it rolls back: the reason goes into the commit, and the release is held until somebody resumes it. */
export function RollbackDialog({
  release,
  isOpen,
  onClose,
}: {
  release: ReleaseDetail;
  isOpen: boolean;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const rollback = useMutation({
    mutationFn: () => api.rollback(release.release, { reason }),
    onSuccess: async () => {
      setReason('');
      onClose();
      await queries.invalidateQueries({ queryKey: ['release', release.release] });
    },
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Roll back ${release.name}`}>
      <form onSubmit={(event) => (event.preventDefault(), rollback.mutate())}>
        <Stack>
          <Text size="sm">
            A commit restores the last good revision. New pushes are held until somebody resumes the release.
          </Text>
          <Textarea
            label="Why?"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
            required
            maxLength={500}
          />
          {rollback.error && <Alert color="red">{rollback.error.message}</Alert>}
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
    </Modal>
  );
}
